/// Where long work says how far it has come.
///
/// Promises of a conformer: `report` returns soon, never throws, and may be called from any thread.
public protocol ProgressSink: Sendable {
    /// Takes note of how far a piece of work has come.
    func report(_ update: ProgressUpdate)
}

/// How far a piece of work has come.
public struct ProgressUpdate: Sendable, Hashable {
    /// What is being done, in two or three words; updates with the same activity belong to one bar.
    public var activity: String
    /// Units done so far.
    public var completed: Int
    /// Units in all; `nil` when not known.
    public var total: Int?
    /// A short remark beside the bar, such as the loss or the rejected count.
    public var remark: String

    /// Makes an update.
    public init(_ activity: String, completed: Int, total: Int?, remark: String = "") {
        self.activity = activity
        self.completed = completed
        self.total = total
        self.remark = remark
    }
}

/// A ``ProgressSink`` that shows nothing.
public struct SilentProgress: ProgressSink {
    /// Makes the sink.
    public init() {}
    /// Does nothing.
    public func report(_ update: ProgressUpdate) {}
}
