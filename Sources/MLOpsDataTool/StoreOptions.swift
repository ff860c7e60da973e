import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

/// The store that a subcommand works on.
struct StoreOptions: ParsableArguments {
    @Option(help: "The folder of the store; ingest and land make it when it is not there.") var store = ".mlops-data"
    @Flag(help: "Show no progress.") var quiet = false

    func validate() throws { try Self.check(store, "--store") }

    /// Refuses an empty path, as of a variable that is not set: it would be the current folder.
    static func check(_ path: String, _ name: String) throws {
        if path.isEmpty { throw ValidationError("\(name) is empty; give a folder, or . for this one.") }
    }

    /// Opens the store.
    ///
    /// - Parameter mayMake: whether a new one will do.
    func open(mayMake: Bool = false) throws -> DatasetStore { try Self.open(store, mayMake: mayMake) }

    /// Opens the store in a folder.
    static func open(_ store: String, mayMake: Bool = false) throws -> DatasetStore {
        let url = URL(filePath: store)
        guard mayMake || FileManager.default.fileExists(atPath: url.appending(path: "store.sqlite").path) else {
            throw MLOpsError(
                .notFound, "There is no store in \(url.path).",
                help: "Give its folder with --store, or make one: mlops-data ingest FOLDER --store \(store)")
        }
        return try DatasetStore(at: url)
    }

    var progress: any ProgressSink { quiet ? SilentProgress() : TerminalProgress() }
}
