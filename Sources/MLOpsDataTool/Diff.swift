import ArgumentParser
import Foundation
import MLOpsData

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what changed from one version to another; reads only what differs.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The old version.") var old: String
    @Argument(help: "The new version.") var new: String

    func run() async throws {
        let store = try options.open()
        let diff = try store.difference(from: store.digest(named: old), to: store.digest(named: new))
        try output.show(diff, text(of: diff))
    }

    private func text(of diff: DatasetDiff) -> String {
        var lines: [String] = []
        lines += diff.added.map { "+ \($0.id)" }
        lines += diff.removed.map { "- \($0.id)" }
        for change in diff.changed {
            let what =
                (change.changesBytes ? ["bytes"] : [])
                + (change.flipsLabel ? ["label \(change.old.label ?? "none") to \(change.new.label ?? "none")"] : [])
                + (change.attributes.isEmpty ? [] : ["attributes \(change.attributes.joined(separator: ", "))"])
            lines.append("~ \(change.id): \(what.joined(separator: "; "))")
        }
        let distance = diff.labelDistance.formatted(.number.precision(.significantDigits(1...3)))
        lines += ["\(diff)", "labels moved by \(distance) (total variation distance)"]
        return lines.joined(separator: "\n")
    }
}
