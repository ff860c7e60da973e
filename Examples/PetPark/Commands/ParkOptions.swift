import ArgumentParser
import Foundation
import MLOpsCore

/// What every subcommand takes.
struct ParkOptions: ParsableArguments {
    @Option(name: .customLong("state"), help: "The folder that holds the park's state.")
    var folder = ".petpark"

    @Option(help: "How many threads to use; all cores by default.")
    var threads: Int?

    @Flag(help: "Print results as JSON, for programs.")
    var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads takes at least 1, not \(threads)") }
    }

    /// Opens the park in its folder.
    func open() async throws -> Park {
        try await Park(
            at: URL(fileURLWithPath: folder, isDirectory: true), threads: threads,
            progress: json ? SilentProgress() : TerminalProgress())
    }

    /// Prints a result for a person, or as JSON.
    func show(_ result: some Encodable & CustomStringConvertible) throws {
        print(json ? String(decoding: try CanonicalJSON.encodePretty(result), as: UTF8.self) : "\(result)")
        // Into a pipe or a file too, each result is there when its step ends.
        fflush(nil)
    }
}

/// Where the pictures come from; remembered in the park's folder.
struct PictureOptions: ParsableArguments {
    @Option(
        help: """
            A folder of photographs with one sub-folder per class, cat and dog for the whole loop; pictures are drawn \
            without it.
            """)
    var photos: String?

    @Option(help: "How many pictures to draw when there are no photographs; 6000 at first.")
    var pictures: Int?

    @Option(help: "Where all chance comes from; 2026 at first.")
    var seed: UInt64?

    @Option(help: "How often training shows every picture; 6 times at first, 12 with photographs.")
    var epochs: Int?

    @Option(help: "How many trials the hyperparameter search makes; 3 at first.")
    var trials: Int?

    func validate() throws {
        // Before anything of an earlier park is touched.
        var isFolder: ObjCBool = false
        if let photos, !FileManager.default.fileExists(atPath: photos, isDirectory: &isFolder) || !isFolder.boolValue {
            throw MLOpsError(
                .notFound, "There is no folder \(photos).",
                help: "--photos takes a folder with one sub-folder of pictures per class, such as cat and dog.")
        }
        if let pictures, pictures < 100 { throw ValidationError("--pictures takes at least 100, not \(pictures)") }
        if let epochs, epochs < 1 { throw ValidationError("--epochs takes at least 1, not \(epochs)") }
        if let trials, trials < 1 { throw ValidationError("--trials takes at least 1, not \(trials)") }
    }

    /// The settings with what was given on the command line.
    func applied(to known: ParkSettings) -> ParkSettings {
        var settings = known
        if let photos {
            settings = .photographs(URL(fileURLWithPath: photos, isDirectory: true).path)
        } else if pictures != nil, settings.photos != nil {
            settings = ParkSettings()
        }
        settings.pictures = pictures ?? settings.pictures
        settings.seed = seed ?? settings.seed
        settings.epochs = epochs ?? settings.epochs
        settings.trials = trials ?? settings.trials
        return settings
    }
}
