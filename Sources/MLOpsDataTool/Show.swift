import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Print a version's entries, or what its ingestion rejected, one JSON object a line; with --json as one array."
    )

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The version.") var version: String
    @Flag(help: "Print what was rejected instead.") var rejected = false

    func run() async throws {
        let store = try options.open()
        let digest = try store.digest(named: version)
        func show(_ values: [some Encodable]) throws {
            try output.show(
                values,
                values.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }.joined(separator: "\n"))
        }
        if rejected { try show(store.rejections(of: digest)) } else { try show(store.version(digest).entries) }
    }
}
