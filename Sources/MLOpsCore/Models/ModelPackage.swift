internal import Foundation

/// A model with all that serving it needs: files, signature, labels, preprocessing, threshold and golden vectors.
///
/// Its ``digest`` is the SHA-256 of the canonical JSON of its ``Manifest``, which holds the digest of every file: two
/// packages are the same if and only if their digests are equal.
public struct ModelPackage: Sendable, Hashable {
    /// What is in a package; stored as `package.json` beside the files.
    public struct Manifest: Sendable, Hashable, Codable {
        /// The version of this layout; 1.
        public var schemaVersion = 1
        /// The model's name, such as `park-pets`.
        public var name: String
        /// The format of the model's files.
        public var format: ModelFormat
        /// What the model takes and gives.
        public var signature: ModelSignature
        /// The name of each class, in the order of the outputs.
        public var labels: [String]
        /// How a picture becomes the network's input; `nil` for models of other data.
        public var preprocessing: ImagePreprocessing?
        /// The least probability at which the first answer counts; below it the model abstains.
        public var threshold: Double
        /// Inputs with the outputs they must give; replayed before a deployment is ready.
        public var goldenVectors: [GoldenVector]
        /// Where the model comes from: the ids of its run and dataset version, and anything else worth keeping.
        public var provenance: [String: String]
        /// The digest and size of each file, by its path.
        public fileprivate(set) var files: [String: FileEntry] = [:]

        /// Makes a manifest; the package fills in the files.
        public init(
            name: String, format: ModelFormat, signature: ModelSignature, labels: [String],
            preprocessing: ImagePreprocessing? = nil, threshold: Double = 0, goldenVectors: [GoldenVector] = [],
            provenance: [String: String] = [:]
        ) {
            self.name = name
            self.format = format
            self.signature = signature
            self.labels = labels
            self.preprocessing = preprocessing
            self.threshold = threshold
            self.goldenVectors = goldenVectors
            self.provenance = provenance
        }
    }

    /// The digest and size of a file.
    public struct FileEntry: Sendable, Hashable, Codable {
        /// The SHA-256 of the content.
        public var digest: Digest
        /// The size in bytes.
        public var byteCount: Int
    }

    /// An input with the output it must give.
    public struct GoldenVector: Sendable, Hashable, Codable {
        /// The named inputs.
        public var inputs: [String: TensorValue]
        /// The named outputs, as the trainer computed them.
        public var outputs: [String: TensorValue]
        /// The greatest allowed absolute difference of an element.
        public var tolerance: Float

        /// Makes a golden vector.
        public init(inputs: [String: TensorValue], outputs: [String: TensorValue], tolerance: Float = 1e-4) {
            self.inputs = inputs
            self.outputs = outputs
            self.tolerance = tolerance
        }
    }

    /// The name of the manifest's file.
    public static let manifestPath = "package.json"

    /// What is in the package.
    public let manifest: Manifest
    /// The files, sorted by path; the manifest's own file is not among them.
    public let files: [ModelFile]
    /// The identity of the package.
    public let digest: Digest

    /// Makes a package of files.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when two files have one path or a file takes the manifest's.
    public init(manifest: Manifest, files: [ModelFile]) throws {
        var manifest = manifest
        manifest.files = [:]
        for file in files {
            guard file.path != Self.manifestPath, manifest.files[file.path] == nil else {
                throw MLOpsError(
                    .invalidArgument, "The package has more than one file '\(file.path)'.",
                    help: "Give each file a path of its own, other than \(Self.manifestPath).")
            }
            manifest.files[file.path] = FileEntry(digest: Digest(of: file.bytes), byteCount: file.bytes.count)
        }
        self.manifest = manifest
        self.files = files.sorted { $0.path < $1.path }
        digest = try Digest(ofJSON: manifest)
    }

    /// The file at a path; throws `notFound`.
    public func file(_ path: String) throws -> ModelFile {
        guard let file = files.first(where: { $0.path == path }) else {
            throw MLOpsError(
                .notFound, "The package '\(manifest.name)' has no file '\(path)'.",
                help: "Its files are \(files.map(\.path)).")
        }
        return file
    }
}
