internal import MLOpsCore

/// How a new package takes over from the one in production: a list of steps, each with its limits.
///
/// A plan holds no state: hand ``decision(at:given:)`` what has been seen since the step began.
public struct ReleasePlan: Sendable, Hashable, Codable {
    /// One step of the way.
    public enum Step: Sendable, Hashable, Codable {
        /// The candidate takes all requests at once.
        case direct
        /// The candidate answers a copy of each request, and its answers are only compared.
        ///
        /// Ends after `minimumRequests` when the share of equal answers reaches `minimumAgreement`.
        case shadow(minimumRequests: Int, minimumAgreement: Double)
        /// The candidate answers a share of the requests, 0…1.
        ///
        /// Ends when it is clear, with 95 % confidence, that its accuracy is at most `maximumDrop` below the one in
        /// production, each from at least `minimumLabels` labelled answers.
        case canary(share: Double, minimumLabels: Int, maximumDrop: Double)
    }

    /// The steps, in order.
    public var steps: [Step]
    /// The greatest share of the candidate's requests that may fail in any step.
    public var maximumErrorRate: Double

    /// Makes a plan.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there is no step, or a share or rate is not in 0…1.
    public init(_ steps: [Step], maximumErrorRate: Double = 0.01) throws {
        let shares = steps.flatMap { step -> [Double] in
            switch step {
            case .direct: []
            case .shadow(let requests, let agreement): [agreement, requests < 1 ? -1 : 0]
            case .canary(let share, let labels, let drop): [share, drop, labels < 1 ? -1 : 0]
            }
        }
        guard !steps.isEmpty, (shares + [maximumErrorRate]).allSatisfy({ (0...1).contains($0) }) else {
            throw MLOpsError(
                .invalidArgument, "The steps \(steps) with an error rate of \(maximumErrorRate) make no plan.",
                help: "Give at least one step, shares in 0…1, and counts of at least 1.")
        }
        self.steps = steps
        self.maximumErrorRate = maximumErrorRate
    }

    /// Whether the candidate answers a request in a step; the same answer every time for the same key.
    ///
    /// - Parameter key: what stays together, such as a request id or a camera's name.
    public func candidateAnswers(_ key: String, at step: Int) -> Bool {
        guard steps.indices.contains(step) else { return false }
        switch steps[step] {
        case .direct: return true
        case .shadow: return false
        case .canary(let share, _, _):
            let hash = Digest(of: Array(key.utf8)).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Double(hash >> 11) * 0x1p-53 < share
        }
    }
}
