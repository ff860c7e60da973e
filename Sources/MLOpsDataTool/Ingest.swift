import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Ingest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in a folder of pictures, one sub-folder a class, and make a version of it.",
        discussion: """
            Every file is read, decoded and hashed; what can't be is rejected with its reason. Run again, only files \
            that are new or have changed are read. A run that was killed is gone on with by the next. Files that lie in \
            no sub-folder, and hidden ones, are no part of the source.
            """)

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The folder.") var folder: String
    @Option(help: "The name under which this folder is known again; by default its path.") var name: String?
    @Option(help: "A tag to put on the version.") var tag: String?
    @Option(help: "The least number of classes.") var classes = 1
    @Flag(help: "Take files of any kind: do not decode them.") var anyFile = false
    @Flag(help: "Read all files, even where nothing says that they have changed.") var reread = false

    func validate() throws { try StoreOptions.check(folder, "The folder") }

    func run() async throws {
        if let tag { try DatasetStore.checkTag(tag) }
        let source = ImageFolderSource(at: URL(filePath: folder))
        let store = try options.open(mayMake: true)
        var ingestion = Ingestion(
            name ?? source.root.path, checks: anyFile ? [.labeled] : [.labeled, .decodes()], minimumClasses: classes)
        ingestion.rereads = reread
        let summary = try await ingestion.ingest(from: source, into: store, progress: options.progress)
        if let tag { try store.tag(summary.digest, as: tag) }
        try output.show(summary, text(of: summary, in: store))
    }

    private func text(of summary: IngestionSummary, in store: DatasetStore) throws -> String {
        let rejections = summary.rejected > 0 ? try store.rejections(of: summary.digest) : []
        var lines = [
            "\(summary.digest)", "\(summary.accepted) accepted, \(summary.rejected) rejected, \(summary.read) read",
        ]
        lines += rejections.prefix(5).map { "  \($0.id): \($0.reason)".withoutControls }
        if rejections.count > 5 {
            lines.append("  and \(rejections.count - 5) others: mlops-data show \(summary.digest.short) --rejected")
        }
        return lines.joined(separator: "\n")
    }
}
