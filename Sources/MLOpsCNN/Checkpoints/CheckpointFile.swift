package import Foundation
internal import MLOpsCore

extension Checkpoint {
    /// Writes the checkpoint in place of an older one, which is kept beside it when `kept` is 2 or more: `a.safetensors`
    /// becomes `a.1.safetensors`, and that `a.2.safetensors`.
    ///
    /// A kill at any instant leaves a whole checkpoint in `file`, and a write that fails leaves all as they were.
    package func write(to file: URL, keeping kept: Int) throws {
        let (files, folder) = (FileManager.default, file.deletingLastPathComponent())
        func older(_ age: Int) -> URL {
            let name = "\(file.deletingPathExtension().lastPathComponent).\(age)"
            return folder.appendingPathComponent(file.pathExtension.isEmpty ? name : "\(name).\(file.pathExtension)")
        }
        guard kept > 1, files.fileExists(atPath: file.path) else { return try write(to: file) }
        let next = folder.appendingPathComponent(".\(file.lastPathComponent).next")
        let last = folder.appendingPathComponent(".\(file.lastPathComponent).last")
        try write(to: next)
        do {
            // The newest stays in its place until the next takes it.
            if files.fileExists(atPath: last.path) { try files.removeItem(at: last) }
            try files.linkItem(at: file, to: last)
        } catch {
            throw MLOpsError(
                .storage, "Can't keep an older checkpoint beside \(file.path).",
                help: "Let the folder be on a disk that knows hard links, or set checkpointsKept to 1.", cause: error)
        }
        for age in stride(from: kept - 1, to: 1, by: -1) where files.fileExists(atPath: older(age - 1).path) {
            try DurableFile.move(older(age - 1), over: older(age))
        }
        try DurableFile.move(last, over: older(1))
        try DurableFile.move(next, over: file)
        try DurableFile.flushFolder(folder)
    }
}
