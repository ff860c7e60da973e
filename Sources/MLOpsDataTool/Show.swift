import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a version's entries, or what its ingestion rejected, one JSON object a line.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The version.") var version: String
    @Flag(help: "Print what was rejected instead.") var rejected = false

    func run() async throws {
        let store = try options.open()
        let digest = try store.digest(named: version)
        func lines(_ values: [some Encodable]) throws {
            for value in values { print(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)) }
        }
        if rejected { try lines(store.rejections(of: digest)) } else { try lines(store.version(digest).entries) }
    }
}
