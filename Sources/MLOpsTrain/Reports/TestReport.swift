public import Foundation
public import MLOpsCore

/// How good a model is on the test split: metrics with intervals, slices, mistakes, and a verdict on the requirements.
///
/// It is a value of JSON: equal reports have equal bytes, and an equal ``digest``.
public struct TestReport: Sendable, Hashable, Codable {
    /// A requirement with what became of it.
    public struct Finding: Sendable, Hashable, Codable {
        /// What was required.
        public var requirement: Requirement
        /// The metric as measured.
        public var estimate: Estimate
        /// Whether it holds.
        public var verdict: Verdict
    }

    /// The version of this layout; 1.
    public var schemaVersion = 1
    /// The name of the model.
    public var model: String
    /// The digest of the package that was tested.
    public var package: Digest
    /// The digest of the dataset version that it was tested on.
    public var dataset: Digest
    /// The name of each class.
    public var classes: [String]
    /// The number of examples.
    public var count: Int
    /// The metrics; see ``ClassificationMetrics``.
    public var metrics: [Metric]
    /// How often each class was given each answer.
    public var confusionMatrix: ConfusionMatrix
    /// Confidence against accuracy; `nil` without probabilities.
    public var reliability: ReliabilityDiagram?
    /// The parts of the data, the worst first.
    public var slices: [SliceReport]
    /// The worst mistakes, the worst first.
    public var mistakes: [Mistake]
    /// What was required, with what became of it.
    public var findings: [Finding]
    /// The metrics of each epoch of the training; empty when not known.
    public var history: [EpochMetrics]

    /// Measures outcomes and judges them.
    ///
    /// - Parameters:
    ///   - model: the name of the model.
    ///   - package: the digest of the package that was tested.
    ///   - dataset: the digest of the dataset version.
    ///   - classes: the name of each class.
    ///   - outcomes: what was said and what was true, of each example once.
    ///   - requirements: what must hold; without any the verdict is insufficient.
    ///   - history: the metrics of each epoch of the training.
    ///   - mistakeLimit: how many of the worst mistakes to keep.
    ///   - minimumSliceCount: with fewer examples a slice is not judged.
    ///   - bootstrap: how intervals without a formula are found.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `insufficientData` without outcomes, `invalidArgument` when a class, an
    ///   id or the number of probabilities does not fit, `notFound` when a requirement names no metric.
    public init(
        model: String, package: Digest, dataset: Digest, classes: [String], outcomes: [ClassificationOutcome],
        requirements: [Requirement], history: [EpochMetrics] = [], mistakeLimit: Int = 24, minimumSliceCount: Int = 30,
        bootstrap: Bootstrap = .standard
    ) throws {
        var seen = Set<String>()
        if let twice = outcomes.first(where: { !seen.insert($0.id).inserted }) {
            throw MLOpsError(
                .invalidArgument, "The example '\(twice.id)' is among the outcomes more than once.",
                help: "Test each example once; repeated ones make intervals too narrow.")
        }
        self.model = model
        self.package = package
        self.dataset = dataset
        self.classes = classes
        count = outcomes.count
        confusionMatrix = try ConfusionMatrix(classCount: classes.count, outcomes)
        metrics = try ClassificationMetrics.all(outcomes, classes: classes, bootstrap: bootstrap)
        reliability = outcomes.allSatisfy { !$0.probabilities.isEmpty } ? ReliabilityDiagram(outcomes) : nil
        slices = SliceReport.all(outcomes, minimumCount: minimumSliceCount)
        mistakes = Mistake.worst(outcomes, classes: classes, limit: mistakeLimit)
        self.history = history
        findings = []
        for requirement in requirements {
            let estimate = try estimate(of: requirement.metric)
            findings.append(
                Finding(requirement: requirement, estimate: estimate, verdict: requirement.verdict(on: estimate)))
        }
    }

    /// Whether all requirements hold.
    public var verdict: Verdict { .all(findings.map(\.verdict)) }

    /// The identity of the report: the digest of its canonical JSON.
    public var digest: Digest { get throws { try Digest(ofJSON: self) } }

    /// A metric by its name, or by `accuracy@KEY=VALUE` the accuracy of a slice.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `notFound`, and the names there are.
    public func estimate(of name: String) throws -> Estimate {
        if let metric = metrics.first(where: { $0.name == name }) { return metric.estimate }
        if let slice = slices.first(where: { "accuracy@\($0.name)" == name }) { return slice.accuracy }
        let names = metrics.map(\.name) + slices.prefix(20).map { "accuracy@\($0.name)" }
        throw MLOpsError(
            .notFound, "The test report has no metric '\(name)'.",
            help: "It has \(names.joined(separator: ", ")).")
    }

    /// The report as evidence for a gate, bound to the package that was tested.
    public func evidence(issuer: String, at date: Date, expiresAt: Date? = nil) throws -> Evidence {
        let broken = findings.filter { $0.verdict != .pass }.map(\.requirement.description)
        let accuracy = try estimate(of: "accuracy")
        return Evidence(
            .modelTest, subject: package, verdict: verdict, issuer: issuer, issuedAt: date, expiresAt: expiresAt,
            summary: "accuracy \(accuracy)" + (broken.isEmpty ? "" : "; not kept: \(broken.joined(separator: ", "))"),
            report: try digest)
    }

    /// The canonical JSON.
    public func json() throws -> Data { try CanonicalJSON.encode(self) }

    /// Reads a report from JSON.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `corruptData` when it is no report, `newerSchema` when a newer release
    ///   wrote it.
    public init(json: Data, source: String = "the test report") throws {
        self = try CanonicalJSON.decode(TestReport.self, schemaVersion: 1, from: json, source: source)
    }
}
