public import MLOpsCore
public import MLOpsDeploy

/// The exam of the `DeployTarget` protocol: hand it a target and packages that it can run, and run it.
public struct DeployTargetExam<Target: DeployTarget>: Sendable {
    private let target: Target
    private let first: ModelPackage
    private let second: ModelPackage
    private let broken: ModelPackage

    /// Makes an exam of a target.
    ///
    /// - Parameters:
    ///   - first: a package with at least one golden vector.
    ///   - second: another one, whose golden vectors have the same inputs and other outputs.
    ///   - broken: one with a golden vector that its model does not match.
    public init(_ target: Target, first: ModelPackage, second: ModelPackage, broken: ModelPackage) {
        self.target = target
        self.first = first
        self.second = second
        self.broken = broken
    }

    /// Sits the exam; throws ``ExamFailure`` with the first promise that is not kept.
    public func run() async throws {
        try await target.withdraw("never deployed")
        let endpoint = try await target.deploy(first, as: "exam")
        try await answers(endpoint, first, "`deploy` returns once the endpoint answers")
        try require(endpoint.signature == first.manifest.signature, "the endpoint has the package's signature")

        try await requireError(.digestMismatch, "golden vectors that don't match throw `digestMismatch`") {
            _ = try await target.deploy(broken, as: "exam")
        }
        try await answers(endpoint, first, "after a failed deployment, what ran keeps running")

        let beside = try await target.deploy(first, as: "beside")
        let replaced = try await target.deploy(second, as: "exam")
        try await answers(replaced, second, "deploying under a name in use replaces what runs there")
        try await answers(beside, first, "another name is not touched by that")
        do {
            try await answers(endpoint, second, "an old endpoint answers with the new model, or not at all")
        } catch let error as MLOpsError where error.code == .unavailable {}

        try await target.withdraw("exam")
        try await target.withdraw("exam")
        try await requireError(.unavailable, "after `withdraw` the endpoint throws `unavailable`") {
            try await answers(replaced, second, "")
        }
        try await answers(beside, first, "another name keeps running")
        let again = try await target.deploy(first, as: "exam")
        try await answers(again, first, "a withdrawn name can be deployed again")
        try await target.withdraw("exam")
        try await target.withdraw("beside")
    }

    private func answers(_ endpoint: some Predictor, _ package: ModelPackage, _ promise: String) async throws {
        guard !package.manifest.goldenVectors.isEmpty else {
            throw ExamFailure("the exam needs packages with golden vectors")
        }
        do { try await package.verifyGoldenVectors(on: endpoint) } catch let error as MLOpsError
            where error.code == .digestMismatch
        {
            throw ExamFailure("\(promise): \(error.message)")
        }
    }
}
