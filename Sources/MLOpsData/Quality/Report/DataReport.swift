public import MLOpsCore

/// What there is to know about a version of pictures before a model learns from it: what its columns hold, how its
/// classes and pictures are spread, and what looks wrong, with the pictures to look at.
///
///     let report = try await DataReport(of: version, in: store, split: split)
///     try DurableFile.write(Data(report.page.html.utf8), to: folder.appending(path: "data.html"))
public struct DataReport: Sendable {
    /// The version that it is about.
    public let version: DatasetVersion
    /// How it is split; `nil` when that was not given.
    public let split: DatasetSplit?
    /// What the columns hold.
    public let profile: DatasetProfile
    /// What looks wrong.
    public let issues: [DataIssue]
    /// What leaks between the parts of the split.
    public let leaks: [Leak]
    /// What the pictures were measured by.
    public let measures: PictureMeasures
    /// Small pictures of the suspects, by the ids of their records.
    let thumbnails: [String: Image]

    /// The most pictures, or pairs of pictures, that a sheet shows.
    static let sheetLimit = 24

    /// Measures a version and looks for what is wrong with it.
    ///
    /// - Parameters:
    ///   - split: the parts to look for leaks between; `nil` to look at the version alone.
    ///   - probabilities: a model's probabilities, out of fold, [entries, labels]; empty when there is none.
    ///   - scan: what is looked for.
    ///   - finder: which pictures look alike.
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData` or `digestMismatch` for bytes that are not those of a
    ///   picture, and what the checks throw.
    public init(
        of version: DatasetVersion, in store: DatasetStore, split: DatasetSplit? = nil, probabilities: [[Double]] = [],
        scan: IssueScan = .standard, nearer finder: NearDuplicates? = nil, decoder: ImageDecoder = ImageDecoder(),
        progress: any ProgressSink = SilentProgress()
    ) async throws {
        self.version = version
        self.split = split
        var subject = try IssueSubject(version)
        let measures = try await PictureMeasures(of: version.entries, in: store, decoder: decoder, progress: progress)
        subject.features = measures.features
        subject.prints = measures.prints
        subject.probabilities = probabilities
        let issues = try scan.issues(in: subject)
        let leaks =
            try split.map {
                try $0.gate.leaks(in: $0, measures.prints, nearer: finder ?? NearDuplicates())
            } ?? []
        self.measures = measures
        self.issues = issues
        self.leaks = leaks
        profile = try DatasetProfile(of: DataTable(version))

        let suspects = Set(
            issues.flatMap { $0.records.prefix(2 * Self.sheetLimit) }
                + leaks.prefix(Self.sheetLimit).flatMap { [$0.first, $0.second] })
        let entries = version.entries.filter { suspects.contains($0.id) }
        let pictures = try await store.pictures(
            of: entries, decoder: decoder, atLeast: 160, "Drawing thumbnails", progress
        ) { entry, image in
            let scale = min(1, 160 / Double(max(image.width, image.height)))
            return try image.resized(
                width: max(1, Int(Double(image.width) * scale)), height: max(1, Int(Double(image.height) * scale)))
        }
        thumbnails = Dictionary(zip(entries.map(\.id), pictures), uniquingKeysWith: { $1 })
    }

    /// Fails when something leaks between the parts.
    public var verdict: Verdict { split == nil ? .insufficient : leaks.isEmpty ? .pass : .fail }
}
