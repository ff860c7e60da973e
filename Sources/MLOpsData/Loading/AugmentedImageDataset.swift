/// The pictures of a training part as an ``Augmentation`` changes them in one epoch.
public struct AugmentedImageDataset: Dataset {
    private let base: ImageDataset<TrainingPart>
    private let augmentation: Augmentation
    private let epoch: Int

    init(_ base: ImageDataset<TrainingPart>, _ augmentation: Augmentation, epoch: Int) {
        self.base = base
        self.augmentation = augmentation
        self.epoch = epoch
    }

    /// The number of pictures.
    public var count: Int { base.count }

    /// The changed picture at an index; throws as ``ImageDataset/example(at:)``.
    public func example(at index: Int) async throws -> LabeledImage {
        var example = try await base.example(at: index)
        example.image = try augmentation(example.image, epoch: epoch, index: index)
        return example
    }
}

extension ImageDataset where Part == TrainingPart {
    /// The pictures as the augmentation changes them in an epoch, from 0.
    public func augmented(by augmentation: Augmentation, epoch: Int) -> AugmentedImageDataset {
        AugmentedImageDataset(self, augmentation, epoch: epoch)
    }
}
