import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List all versions, oldest first.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let summaries = try options.open().summaries()
        try output.show(summaries, summaries.map(text).joined(separator: "\n"))
    }

    private func text(of version: VersionSummary) -> String {
        let labels = version.labels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let tags = version.tags.isEmpty ? "" : "  [\(version.tags.joined(separator: ", "))]"
        return "\(version.digest.short)  \(version.committedAt.formatted(.iso8601))  \(version.entries) entries"
            + "  (\(labels.prefix(8).joined(separator: ", ")))\(tags)"
    }
}
