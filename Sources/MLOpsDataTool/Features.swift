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

        func run() async throws {
            for view in try await options.open().views() {
                let columns = view.columns.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", ")
                print("\(view.name) of \(view.entity): \(columns)")
            }
        }
    }

    struct Materialize: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Carry over to the latest values what became known.")

        @OptionGroup var options: Options
        @Argument(help: "The view; by default all.") var view: [String] = []

        func run() async throws {
            let store = try options.open()
            for name in try await view.isEmpty ? store.views().map(\.name) : view {
                let done = try await store.materialize(name)
                print("\(name): \(done.rows) rows, \(done.changed) entities changed")
            }
        }
    }

    struct Parity: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare what is served with what training would be given; exits with 1 when they differ.")

        @OptionGroup var options: Options
        @Argument(help: "The view.") var view: String

        func run() async throws {
            let parity = try await options.open().parity(of: view)
            print("\(parity.verdict.rawValue): \(parity.compared) values compared")
            for difference in parity.differences {
                let (offline, online) = (difference.offline, difference.online)
                print(
                    "  \(difference.entity) \(difference.column): \(Self.text(offline)) offline, \(Self.text(online)) online"
                )
            }
            if parity.verdict == .fail { throw ExitCode.failure }
        }

        private static func text(_ value: FeatureValue?) -> String { value.map { "\($0)" } ?? "nothing" }
    }
}
