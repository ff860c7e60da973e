internal import Foundation

/// A source of files in a folder, whose stamps tell which of them have changed.
///
/// The records are those of ``DataSource/records(from:)``, in the order of the UTF-8 bytes of their ids.
protocol FileSource: DataSource where Record == RawRecord {
    /// The folder whose sub-folders, but for hidden ones, hold the files.
    var folder: String { get }
    /// What else, beside the files, the records depend on.
    var settings: String { get }
    /// The files, in order.
    func files() throws -> FileList
    /// What reads the records of files.
    func reader() -> FileReader
}

extension ImageFolderSource: FileSource {
    var folder: String { root.path }
    var settings: String { "maxBytes \(maxBytes)" }

    func reader() -> FileReader {
        let folder = RecordFolder(at: folder, maxBytes: maxBytes)
        return { file, isRegular in
            folder.record(
                id: file.id, file: file.id, label: file.id.split(separator: "/").first.map(String.init),
                isKnown: isRegular)
        }
    }
}

/// Reads the record of a file; `isRegular` says that its path was found to be a file's, and no link.
typealias FileReader = @Sendable (_ file: SourceFile, _ isRegular: Bool) -> RawRecord
