internal import MLOpsCore

/// What has been seen of a candidate since a step of a ``ReleasePlan`` began.
public struct ReleaseObservation: Sendable, Hashable, Codable {
    /// Right answers among labelled answers.
    public struct Score: Sendable, Hashable, Codable {
        /// Right answers.
        public var correct: Int
        /// Labelled answers.
        public var labeled: Int

        /// Makes a score; `correct` ≤ `labeled`.
        public init(correct: Int, labeled: Int) {
            precondition(correct >= 0 && correct <= labeled, "\(correct) right answers of \(labeled) can't be")
            self.correct = correct
            self.labeled = labeled
        }
    }

    /// Requests that the candidate was given.
    public var requests: Int
    /// Requests on which the candidate failed.
    public var errors: Int
    /// Requests on which both gave the same class.
    public var agreements: Int
    /// How often the candidate was right.
    public var candidate: Score
    /// How often the one in production was right.
    public var incumbent: Score

    /// Makes an observation.
    public init(
        requests: Int, errors: Int, agreements: Int = 0, candidate: Score = Score(correct: 0, labeled: 0),
        incumbent: Score = Score(correct: 0, labeled: 0)
    ) {
        self.requests = requests
        self.errors = errors
        self.agreements = agreements
        self.candidate = candidate
        self.incumbent = incumbent
    }
}

/// What to do next in a release, and why.
public enum ReleaseDecision: Sendable, Hashable, Codable {
    /// Go on to the next step; after the last one the release is complete.
    case advance(String)
    /// Stay in this step until more is known.
    case hold(String)
    /// Give all requests back to the one in production.
    case abort(String)
}

extension ReleasePlan {
    /// What to do next, given what has been seen since the step began.
    ///
    /// The interval of the difference of two accuracies is Newcombe's hybrid score interval; R. G. Newcombe, "Interval
    /// estimation for the difference between independent proportions", Statistics in Medicine 1998, method 10. Asking
    /// again after every request widens the chance of a wrong answer; ask at set times.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there is no such step.
    public func decision(at step: Int, given seen: ReleaseObservation) throws -> ReleaseDecision {
        guard steps.indices.contains(step) else {
            throw MLOpsError(
                .invalidArgument, "The plan has no step \(step).", help: "Give a step of 0 ..< \(steps.count).")
        }
        let errors = Estimate.proportion(min(max(seen.errors, 0), seen.requests), of: max(seen.requests, 0))
        if errors.lower > maximumErrorRate { return .abort("errors: \(errors), at most a share of \(maximumErrorRate)") }
        switch steps[step] {
        case .direct:
            return .advance("nothing to wait for")
        case .shadow(let minimumRequests, let minimumAgreement):
            guard seen.requests >= minimumRequests else {
                return .hold("\(seen.requests) of \(minimumRequests) requests seen")
            }
            let agreement = Estimate.proportion(min(seen.agreements, seen.requests), of: seen.requests)
            let text = "agreement: \(agreement), at least a share of \(minimumAgreement)"
            return agreement.value >= minimumAgreement ? .advance(text) : .abort(text)
        case .canary(_, let minimumLabels, let maximumDrop):
            let labels = min(seen.candidate.labeled, seen.incumbent.labeled)
            guard labels >= minimumLabels else { return .hold("\(labels) of \(minimumLabels) labels known") }
            let (lower, upper) = Self.difference(seen.incumbent, seen.candidate)
            let text = "accuracy drop in \(lower)…\(upper), at most \(maximumDrop)"
            return lower > maximumDrop ? .abort(text) : upper <= maximumDrop ? .advance(text) : .hold(text)
        }
    }

    /// The 95 % interval of the accuracy of `a` minus that of `b`.
    private static func difference(
        _ a: ReleaseObservation.Score, _ b: ReleaseObservation.Score
    ) -> (lower: Double, upper: Double) {
        let p = Estimate.proportion(a.correct, of: a.labeled)
        let q = Estimate.proportion(b.correct, of: b.labeled)
        func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        let difference = p.value - q.value
        return (
            difference - root(p.value - p.lower, q.upper - q.value),
            difference + root(p.upper - p.value, q.value - q.lower)
        )
    }
}
