public import Foundation
internal import MLOpsCore

extension AnnotatedImage {
    /// The sizes of the JPEG and PNG files below a folder, upright, by their paths below it.
    ///
    /// Only headers are read; files of other kinds are passed over, symbolic links are not followed.
    /// - Throws: ``MLOpsError`` with `notFound` for a missing folder, `corruptData` for a broken picture.
    public static func sizes(in folder: URL, decoder: ImageDecoder = ImageDecoder()) throws -> [String: Size] {
        var sizes: [String: Size] = [:]
        guard FileManager.default.fileExists(atPath: folder.path),
            let names = FileManager.default.enumerator(atPath: folder.path)
        else { throw MLOpsError(.notFound, "There is no folder \(folder.path).", help: "Check the path.") }
        while let path = names.nextObject() as? String {
            guard ["jpg", "jpeg", "png"].contains((path as NSString).pathExtension.lowercased()) else { continue }
            let url = folder.appending(path: path)
            let kind = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
            guard kind as? FileAttributeType == .typeRegular else { continue }
            let file = try OpenFile(url.path)
            let bytes = file.bytes(from: 0, count: min(file.count ?? 0, decoder.maxBytes))
            do {
                let header = try decoder.header(of: bytes)
                sizes[path] = Size(width: header.width, height: header.height)
            } catch let error as MLOpsError {
                throw MLOpsError(error.code, "\(path): \(error.message)", help: error.help)
            }
        }
        return sizes
    }
}
