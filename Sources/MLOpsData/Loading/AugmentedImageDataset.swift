internal import MLOpsCore

/// The pictures of a training part as an ``Augmentation`` changes them in one epoch.
public struct AugmentedImageDataset: Dataset {
    private let base: ImageDataset<TrainingPart>
    private let augmentation: Augmentation
    let epoch: Int
    private let size: (width: Int, height: Int)

    init(_ base: ImageDataset<TrainingPart>, _ augmentation: Augmentation, epoch: Int, width: Int?, height: Int?) {
        self.base = base
        self.augmentation = augmentation
        self.epoch = epoch
        size = (width ?? base.preprocessing.width, height ?? base.preprocessing.height)
    }

    /// The number of pictures.
    public var count: Int { base.count }

    /// The changed picture at an index; throws as ``ImageDataset/example(at:)``.
    public func example(at index: Int) async throws -> LabeledImage {
        var example = try await base.example(at: index)
        example.image = try augmentation(
            example.image, epoch: epoch, sample: example.id, width: size.width, height: size.height)
        return example
    }

    /// The pictures mixed with one another.
    public func mixed(by mixing: Mixing) -> MixedImageDataset { MixedImageDataset(self, mixing) }
}

extension ImageDataset where Part == TrainingPart {
    /// The pictures as the augmentation changes them in an epoch, from 0.
    ///
    /// - Parameters:
    ///   - width: pixels across of the results; `nil` for those of ``preprocessing``. A dataset of larger pictures leaves
    ///     crops their sharpness.
    ///   - height: pixels down of the results; `nil` for those of ``preprocessing``.
    public func augmented(
        by augmentation: Augmentation, epoch: Int, width: Int? = nil, height: Int? = nil
    ) -> AugmentedImageDataset {
        AugmentedImageDataset(self, augmentation, epoch: epoch, width: width, height: height)
    }
}
