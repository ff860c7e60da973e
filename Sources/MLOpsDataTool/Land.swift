import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Land: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a version of the predictions that a server captured, with the labels that came later.",
        discussion: "The log is only read; a line that is being written meanwhile is left for the next time.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The prediction log, a file of JSON lines.") var log: String
    @Option(help: "A tag to put on the version.") var tag: String?
    @Flag(help: "Forget a broken run of this log, and begin again.") var restart = false

    func run() async throws {
        guard FileManager.default.fileExists(atPath: log) else {
            throw MLOpsError(.notFound, "There is no \(log).", help: "Give the file that the server writes.")
        }
        let store = try options.open(mayMake: true)
        let source = PredictionLogSource(try FilePredictionLog(reading: URL(filePath: log)))
        let ingestion = Ingestion("log \(log)", checks: [], minimumClasses: 0)
        if restart { try await ingestion.discard(in: store) }
        let summary = try await ingestion.ingest(from: source, into: store, progress: options.progress)
        if let tag { try store.tag(summary.digest, as: tag) }
        try output.show(summary, "\(summary.digest)\n\(summary.accepted) accepted")
    }
}
