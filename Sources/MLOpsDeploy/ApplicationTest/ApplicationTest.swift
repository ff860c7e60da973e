public import MLOpsCore

/// Replays labelled requests against a running endpoint, and judges what a user of it would see.
///
/// It asks for accuracy (as a whole and by slice), for consistency (the same request twice gives the same bits, a row
/// in a batch gives what it gives alone, golden vectors match), for latency, and for errors.
public struct ApplicationTest: Sendable {
    /// One request whose right answer is known.
    public struct Request: Sendable {
        /// Names the request in the report, such as a record's digest.
        public var id: String
        /// The named inputs; each a batch of one.
        public var inputs: [String: TensorValue]
        /// The true class.
        public var label: String
        /// The slices it belongs to, such as `camera: north-gate`.
        public var tags: [String: String]

        /// Makes a request.
        public init(id: String, inputs: [String: TensorValue], label: String, tags: [String: String] = [:]) {
            self.id = id
            self.inputs = inputs
            self.label = label
            self.tags = tags
        }
    }

    /// What the endpoint must reach.
    public struct Limits: Sendable, Hashable, Codable {
        /// The least share of right answers among the answers given.
        public var minimumAccuracy: Double
        /// The least share of requests that are answered with a class rather than abstained from.
        public var minimumCoverage = 0.0
        /// The least accuracy of every slice; `nil` to report slices without judging them.
        public var minimumSliceAccuracy: Double?
        /// With fewer answers than this, overall or in a judged slice, the verdict is insufficient.
        public var minimumCount = 30
        /// The greatest share of requests that may fail.
        public var maximumErrorRate = 0.0
        /// The greatest 95th percentile of the latency, in seconds; `nil` to report it without judging.
        public var maximumP95Latency: Double?
        /// The greatest 99th percentile of the latency, in seconds; `nil` to report it without judging.
        public var maximumP99Latency: Double?
        /// The greatest difference of an output between a row alone and the same row in a batch.
        public var batchTolerance: Float = 1e-4

        /// Makes limits; the other ones have a default and can be set.
        public init(minimumAccuracy: Double) { self.minimumAccuracy = minimumAccuracy }
    }

    /// The package that the endpoint should be running.
    public let package: ModelPackage
    /// What the endpoint must reach.
    public let limits: Limits
    /// Every how many requests one is repeated and put into a batch, to check consistency.
    public let consistencyStride: Int
    /// The rows of a batch in the consistency check.
    public let batchSize: Int

    /// Makes a test.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the stride or batch size is below 1, or the package has no
    ///   labels or no output of probabilities.
    public init(
        of package: ModelPackage, limits: Limits, consistencyStride: Int = 10, batchSize: Int = 8
    ) throws {
        guard consistencyStride >= 1, batchSize >= 1 else {
            throw MLOpsError(
                .invalidArgument, "A stride of \(consistencyStride) and batches of \(batchSize) can't be.",
                help: "Give at least 1 for each.")
        }
        guard package.manifest.probabilitiesOutput != nil else {
            throw MLOpsError(
                .invalidArgument, "The package '\(package.manifest.name)' is no classifier: it gives no probabilities.",
                help: "Give it labels and an output FP32[-1, \(package.manifest.labels.count)].")
        }
        self.package = package
        self.limits = limits
        self.consistencyStride = consistencyStride
        self.batchSize = batchSize
    }
}
