internal import MLOpsCore
internal import Synchronization

/// How often the bodies of a model's loops may still run, so that a file from outside can't keep a thread forever.
final class IterationBudget: Sendable {
    private let limit: Int
    private let used = Atomic(0)

    /// Starts with all that is allowed.
    init(_ limit: Int) { self.limit = limit }

    /// Takes one; throws `limitExceeded` when none is left, `CancellationError` when the task is canceled.
    func spend() throws {
        try Task.checkCancellation()
        guard used.add(1, ordering: .relaxed).newValue <= limit else {
            throw MLOpsError(
                .limitExceeded, "The loops of the model run more than \(limit) times.",
                help: "Raise the limit in ONNXLimits if you trust where the model comes from.")
        }
    }
}
