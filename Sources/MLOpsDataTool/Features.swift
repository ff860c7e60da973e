import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Features: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List a feature store's views, bring their latest values up to date, and check them.",
        subcommands: [Views.self, Materialize.self, Parity.self])

    struct Options: ParsableArguments {
        @Option(help: "The feature store's file.") var features = "features.sqlite"

        func open() throws -> FeatureStore {
            guard FileManager.default.fileExists(atPath: features) else {
                throw MLOpsError(.notFound, "There is no feature store \(features).", help: "Name it with --features.")
            }
            return try FeatureStore(at: URL(filePath: features))
        }
    }

    struct Views: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the views.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let views = try await options.open().views()
            let lines = views.map { view in
                let columns = view.columns.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", ")
                return "\(view.name) of \(view.entity): \(columns)"
            }
            try output.show(views, lines.joined(separator: "\n"))
        }
    }

    struct Materialize: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Carry over to the latest values what became known.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @Argument(help: "The view; by default all.") var view: [String] = []

        func run() async throws {
            let store = try options.open()
            var done: [String: FeatureStore.Materialization] = [:]
            for name in try await view.isEmpty ? store.views().map(\.name) : view {
                done[name] = try await store.materialize(name)
            }
            let lines = done.sorted { $0.key < $1.key }.map { name, done in
                "\(name): \(done.rows) rows, \(done.changed) entities changed"
            }
            try output.show(done, lines.joined(separator: "\n"))
        }
    }

    struct Parity: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare what is served with what training would be given; exits with 1 when they differ.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @Argument(help: "The view.") var view: String

        func run() async throws {
            let parity = try await options.open().parity(of: view)
            let lines = parity.differences.map {
                "\n  \($0.entity) \($0.column): \(Self.text($0.offline)) offline, \(Self.text($0.online)) online"
            }
            try output.show(
                parity, "\(parity.verdict.rawValue): \(parity.compared) values compared" + lines.joined())
            if parity.verdict == .fail { throw ExitCode.failure }
        }

        private static func text(_ value: FeatureValue?) -> String { value.map { "\($0)" } ?? "nothing" }
    }
}
