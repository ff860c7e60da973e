public import MLOpsCore

/// The hashes of a record's picture, by which near duplicates are found.
public struct PictureFingerprint: Sendable, Hashable, Codable {
    /// The id of the record.
    public var id: String
    /// Where it brightens.
    public var difference: DifferenceHash
    /// Its coarse light and shade.
    public var perceptual: PerceptualHash

    /// Makes a fingerprint of known hashes.
    public init(id: String, difference: DifferenceHash, perceptual: PerceptualHash) {
        self.id = id
        self.difference = difference
        self.perceptual = perceptual
    }

    /// The fingerprint of a picture.
    public init(id: String, of image: Image) {
        let gray = GrayPicture(image)
        self.init(id: id, difference: DifferenceHash(of: gray), perceptual: PerceptualHash(of: gray))
    }

    /// Reads, decodes and hashes the pictures of entries on all cores, in their order.
    ///
    /// Large JPEGs are decoded at a fraction of their size that is still 128 pixels or more a side.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData` or `digestMismatch` for bytes that are not those of a
    ///   picture.
    public static func all(
        of entries: [DatasetEntry], in store: DatasetStore, decoder: ImageDecoder = ImageDecoder(),
        progress: any ProgressSink = SilentProgress()
    ) async throws -> [PictureFingerprint] {
        try await store.pictures(of: entries, decoder: decoder, atLeast: 128, "Hashing pictures", progress) {
            PictureFingerprint(id: $0.id, of: $1)
        }
    }
}
