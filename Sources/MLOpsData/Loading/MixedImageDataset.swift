internal import MLOpsCore

/// The pictures of an ``AugmentedImageDataset``, each mixed with another one of them.
///
/// The partner of a sample and its share are fixed by (seed, epoch, sample id) and the number of pictures.
public struct MixedImageDataset: Dataset {
    private let base: AugmentedImageDataset
    private let mixing: Mixing

    init(_ base: AugmentedImageDataset, _ mixing: Mixing) {
        self.base = base
        self.mixing = mixing
    }

    /// The number of pictures.
    public var count: Int { base.count }

    /// The mixture at an index; throws as ``ImageDataset/example(at:)``.
    public func example(at index: Int) async throws -> MixedImage {
        let example = try await base.example(at: index)
        var chance = SeededGenerator(
            seed: mixing.seed, UInt64(truncatingIfNeeded: base.epoch), Augmentation.key(of: example.id))
        let partner = try await base.example(at: chance.integer(below: base.count))
        return mixing.mix(example, with: partner, using: &chance)
    }
}
