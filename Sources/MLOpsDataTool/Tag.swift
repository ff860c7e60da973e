import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Tag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a tag on a version, or move it there; without a version, print where tags were put, and when.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The name of the tag.") var name: String?
    @Argument(help: "The version.") var version: String?
    @Flag(help: "Take the tag away.") var remove = false

    func validate() throws {
        if remove, name == nil || version != nil { throw ValidationError("--remove takes the name of a tag only.") }
    }

    func run() async throws {
        let store = try options.open()
        if remove, let name {
            try store.untag(name)
            return try output.show(["removed": name], "'\(name)' taken away")
        }
        if let name, let version {
            let digest = try store.digest(named: version)
            try store.tag(digest, as: name)
            return try output.show([name: digest], "'\(name)' is now \(digest)")
        }
        let history = try store.tagHistory(of: name)
        if let name, history.isEmpty {
            throw MLOpsError(
                .notFound, "There was never a tag '\(name)'.", help: "The tags are \(try store.tags().keys.sorted()).")
        }
        let lines = history.map {
            "\($0.at.formatted(.iso8601))  \($0.name)  \($0.digest?.description ?? "taken away")"
        }
        try output.show(history, lines.joined(separator: "\n"))
    }
}
