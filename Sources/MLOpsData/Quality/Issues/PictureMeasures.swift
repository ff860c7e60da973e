public import MLOpsCore

/// What a picture is measured by: its statistics, and its coarse colors.
public struct PictureMeasures: Sendable, Hashable, Codable {
    /// The ids of the records, in the order of all other parts.
    public var ids: [String] = []
    /// The statistics of each picture by name, at 96 × 96 pixels.
    public var statistics: [[String: Double]] = []
    /// The mean colors of 4 × 4 fields of each picture, [48], 0…1.
    public var colors: [[Double]] = []
    /// The fingerprint of each picture.
    public var prints: [PictureFingerprint] = []

    /// The numbers to find outliers by: statistics in the order of their names, then colors.
    public var features: [[Double]] {
        zip(statistics, colors).map { statistics, colors in
            statistics.sorted { $0.key < $1.key }.map(\.value) + colors
        }
    }

    /// Reads, decodes and measures the pictures of entries on all cores.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData` or `digestMismatch` for bytes that are not those of a
    ///   picture.
    public init(
        of entries: [DatasetEntry], in store: DatasetStore, decoder: ImageDecoder = ImageDecoder(),
        progress: any ProgressSink = SilentProgress()
    ) async throws {
        let measured = try await store.pictures(
            of: entries, decoder: decoder, atLeast: 128, "Measuring pictures", progress
        ) { entry, image in
            (
                id: entry.id, statistics: ImageStatistics(of: try image.resized(width: 96, height: 96)).features,
                colors: try image.resized(width: 4, height: 4, filter: .area).pixels.map { Double($0) / 255 },
                print: PictureFingerprint(id: entry.id, of: image)
            )
        }
        ids = measured.map(\.id)
        statistics = measured.map(\.statistics)
        colors = measured.map(\.colors)
        prints = measured.map(\.print)
    }
}
