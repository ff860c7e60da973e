import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Tag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a tag on a version, or move it there; without a version, print where tags were put, and when.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The name of the tag.") var name: String?
    @Argument(help: "The version.") var version: String?
    @Flag(help: "Take the tag away.") var remove = false

    func validate() throws {
        if remove, name == nil || version != nil { throw ValidationError("--remove takes the name of a tag only.") }
    }

    func run() async throws {
        let store = try options.open()
        if remove, let name { return try store.untag(name) }
        if let name, let version { return try store.tag(store.digest(named: version), as: name) }
        let history = try store.tagHistory(of: name)
        if let name, history.isEmpty {
            throw MLOpsError(
                .notFound, "There was never a tag '\(name)'.", help: "The tags are \(try store.tags().keys.sorted()).")
        }
        if options.json { return try options.show(json: history) }
        for move in history {
            print("\(move.at.formatted(.iso8601))  \(move.name)  \(move.digest?.description ?? "taken away")")
        }
    }
}
