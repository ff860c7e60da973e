/// What became of one trial.
public struct TrialRecord<Parameters: Sendable & Codable>: Sendable, Codable {
    /// How a trial ended.
    public enum State: String, Sendable, Hashable, Codable {
        /// It gave a value.
        case complete
        /// It threw an error, or gave a value that is not finite.
        case failed
        /// It was stopped early, as it would not become the best.
        case pruned
    }

    /// The number of the trial, from 0.
    public var number: Int
    /// Its point in the search space.
    public var point: [Double]
    /// Its parameters.
    public var parameters: Parameters
    /// Its seed; `nil` in a record of a release that kept none.
    public var seed: UInt64?
    /// How it ended.
    public var state: State
    /// What the objective gave; `nil` when it failed.
    public var value: Double?
    /// How long it took, in seconds.
    public var duration: Double
    /// What it threw, when it failed.
    public var error: String?

    /// Makes a record.
    public init(
        number: Int, point: [Double], parameters: Parameters, seed: UInt64? = nil, state: State, value: Double?,
        duration: Double, error: String? = nil
    ) {
        self.number = number
        self.point = point
        self.parameters = parameters
        self.seed = seed
        self.state = state
        self.value = value
        self.duration = duration
        self.error = error
    }
}

extension TrialRecord: Equatable where Parameters: Equatable {}
extension TrialRecord: Hashable where Parameters: Hashable {}
