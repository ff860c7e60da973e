import Foundation
import MLOps
import MLOpsCNN
import MLOpsONNX

/// The park's computer: all its state lies in one folder, and every step of the loop is a method.
struct Park: Sendable {
    static let modelName = "park-pets"
    static let labels = ["cat", "dog"]

    let folder: URL
    let threads: Int?
    let progress: any ProgressSink
    let clock: WallClock
    let registry: ModelRegistry
    let datasets: DatasetStore
    private(set) var settings: ParkSettings

    /// Opens the park in a folder, or founds it there.
    init(at folder: URL, threads: Int?, progress: any ProgressSink, clock: WallClock = .system) async throws {
        self.folder = folder
        self.threads = threads
        self.progress = progress
        self.clock = clock
        try DurableFile.makeFolder(folder)
        registry = try await ModelRegistry(at: folder.appendingPathComponent("registry"), clock: clock)
        datasets = try DatasetStore(at: folder.appendingPathComponent("data"))
        let file = folder.appendingPathComponent("park.json")
        settings =
            if let bytes = FileManager.default.contents(atPath: file.path) {
                try CanonicalJSON.decode(ParkSettings.self, from: bytes, source: file.path)
            } else {
                ParkSettings()
            }
    }

    /// Changes the settings in memory; they are on disk when what they were changed for has come out well.
    mutating func use(_ changed: ParkSettings) { settings = changed }

    /// Takes settings that are for one thing alone, in a folder that is not at work on another.
    mutating func dedicate(to wanted: ParkSettings) throws {
        var set = settings
        (set.dataset, set.candidate, set.run, set.fault) = (nil, nil, nil, nil)
        guard settings.dataset == nil || set == wanted else {
            throw MLOpsError(
                .alreadyExists, "The park in \(folder.path) is at work on other pictures, or in another way.",
                help: "Give a folder of its own with --state.")
        }
        settings = wanted
    }

    /// Changes the settings, on disk as well.
    mutating func update(_ change: (inout ParkSettings) -> Void) throws {
        var changed = settings
        change(&changed)
        try DurableFile.write(CanonicalJSON.encodePretty(changed), to: folder.appendingPathComponent("park.json"))
        settings = changed
    }

    /// Whether a name in the park's folder is one that the park gives.
    static func makes(_ name: String) -> Bool {
        [
            "park.json", "data", "registry", "packages", "reports", "days", "children", "alerts.jsonl",
            "governance.jsonl", "accuracy.json",
        ].contains(name) || name.hasPrefix("search-") || name.hasPrefix("checkpoint-")
    }

    /// Where reports go.
    var reports: URL { folder.appendingPathComponent("reports", isDirectory: true) }

    /// The folder of a package that was trained here.
    func packageFolder(_ digest: Digest) -> URL {
        folder.appendingPathComponent("packages").appendingPathComponent(digest.short, isDirectory: true)
    }

    /// The package that was trained last.
    func candidate() throws -> ModelPackage {
        guard let digest = settings.candidate else { throw missing("candidate", step: "train") }
        return try ModelPackage(contentsOf: packageFolder(digest))
    }

    /// The version that an alias points to.
    func version(_ alias: String) async throws -> ModelVersion {
        guard let version = try await registry.alias(alias, of: Self.modelName) else {
            throw missing("\(alias) version", step: alias == "staging" ? "register" : "release")
        }
        return version
    }

    /// Writes a report and gives back where it lies.
    func write(report: Data, named name: String) throws -> URL {
        try DurableFile.makeFolder(reports)
        let url = reports.appendingPathComponent(name)
        try DurableFile.write(report, to: url)
        return url
    }

    func missing(_ what: String, step: String) -> MLOpsError {
        MLOpsError(
            .notFound, "The park in \(folder.path) has no \(what) yet.",
            help: "Run 'PetPark \(step)' first, or 'PetPark demo' for the whole loop.")
    }
}
