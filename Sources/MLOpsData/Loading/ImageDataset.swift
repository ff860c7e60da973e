internal import Foundation
public import MLOpsCore

/// The pictures of one part of a split, decoded and resized as they are asked for.
///
/// `Part` is in the type so that what is held out can't be augmented: only an `ImageDataset<TrainingPart>` has
/// ``augmented(by:epoch:)``. Pictures come through ``ImageInputDecoder``, as in serving.
public struct ImageDataset<Part: DatasetPart>: Dataset {
    /// The classes; a label is an index into them.
    public let labels: [String]
    /// The entries, in order; all labeled.
    public let entries: [DatasetEntry]
    /// The sizes of the pictures, and what the model will do with their pixels.
    public let preprocessing: ImagePreprocessing

    private let store: DatasetStore
    private let decoder: ImageInputDecoder
    private let classes: [Int]
    private let locations: [PackLocation]

    init(
        _ split: DatasetSplit, _ part: SplitPart, of store: DatasetStore, preprocessing: ImagePreprocessing,
        decoder: ImageInputDecoder
    ) async throws {
        labels = split.version.labels
        entries = split.entries(of: part)
        self.preprocessing = preprocessing
        self.store = store
        self.decoder = decoder
        let index = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        classes = try entries.map { entry in
            guard let label = entry.label, let place = index[label] else {
                throw MLOpsError(
                    .invalidArgument, "'\(entry.id)' has no label.", help: "Ingest with the check `labeled`.")
            }
            return place
        }
        let found = try await store.locations(of: entries.map(\.digest))
        locations = try zip(entries, found).map { entry, location in
            guard let location else {
                throw MLOpsError(
                    .notFound, "The bytes of '\(entry.id)', \(entry.digest), are not in \(store.root.path).",
                    help: "Open the store that the version was committed to.")
            }
            return location
        }
    }

    /// The number of pictures.
    public var count: Int { entries.count }

    /// The picture at an index, its bytes verified, decoded and resized.
    ///
    /// - Throws: ``MLOpsError`` with `digestMismatch` or `corruptData` when the stored bytes are damaged.
    public func example(at index: Int) async throws -> LabeledImage {
        let bytes = try store.bytes(of: entries[index].digest, at: locations[index])
        let image = try decoder.image(from: bytes, width: preprocessing.width, height: preprocessing.height)
        return LabeledImage(image, label: classes[index], id: entries[index].id)
    }
}

/// A kind of part, as a type.
public protocol DatasetPart: Sendable {}

/// The part to learn from; it may be augmented.
public enum TrainingPart: DatasetPart {}

/// A part to measure on, validation or test; it is never changed.
public enum HeldOutPart: DatasetPart {}

extension DatasetSplit {
    /// The pictures to learn from.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when an entry has no label, `notFound` when bytes are missing.
    public func training(
        from store: DatasetStore, preprocessing: ImagePreprocessing, decoder: ImageInputDecoder = ImageInputDecoder()
    ) async throws -> ImageDataset<TrainingPart> {
        try await ImageDataset(self, .train, of: store, preprocessing: preprocessing, decoder: decoder)
    }

    /// The pictures to choose by; may be empty.
    ///
    /// Throws as ``training(from:preprocessing:decoder:)``.
    public func validation(
        from store: DatasetStore, preprocessing: ImagePreprocessing, decoder: ImageInputDecoder = ImageInputDecoder()
    ) async throws -> ImageDataset<HeldOutPart> {
        try await ImageDataset(self, .validation, of: store, preprocessing: preprocessing, decoder: decoder)
    }

    /// The pictures to judge by.
    ///
    /// Throws as ``training(from:preprocessing:decoder:)``.
    public func test(
        from store: DatasetStore, preprocessing: ImagePreprocessing, decoder: ImageInputDecoder = ImageInputDecoder()
    ) async throws -> ImageDataset<HeldOutPart> {
        try await ImageDataset(self, .test, of: store, preprocessing: preprocessing, decoder: decoder)
    }
}
