import ArgumentParser
import MLOpsData

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what changed from one version to another; reads only what differs.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The old version.") var old: String
    @Argument(help: "The new version.") var new: String

    func run() async throws {
        let store = try options.open()
        let diff = try store.difference(from: store.digest(named: old), to: store.digest(named: new))
        if options.json { return try options.show(json: diff) }
        for entry in diff.added { print("+ \(entry.id)") }
        for entry in diff.removed { print("- \(entry.id)") }
        for change in diff.changed {
            let what =
                (change.changesBytes ? ["bytes"] : [])
                + (change.flipsLabel ? ["label \(change.old.label ?? "none") to \(change.new.label ?? "none")"] : [])
                + (change.attributes.isEmpty ? [] : ["attributes \(change.attributes.joined(separator: ", "))"])
            print("~ \(change.id): \(what.joined(separator: "; "))")
        }
        print("\(diff)\nlabels moved by \(diff.labelDistance) (total variation distance)")
    }
}
