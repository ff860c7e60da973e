internal import MLOpsCore

/// What the iterations of a loop give, kept until the loop is over: within the limit on elements, all together.
struct LoopResults {
    /// For each output, what each iteration gave.
    private(set) var rows: [[Value]]
    private var count = 0
    private let limits: ONNXLimits

    /// Collects a number of outputs.
    init(outputs: Int, limits: ONNXLimits) { (rows, self.limits) = ([[Value]](repeating: [], count: outputs), limits) }

    /// Adds what an iteration gave, a value for each output; throws `limitExceeded` when all that is kept is too much.
    ///
    /// A value without elements counts as one: it takes memory as well.
    mutating func append(_ outputs: some Collection<Value>) throws {
        for (index, value) in outputs.enumerated() {
            count += max(value.count, 1)
            try limits.check(count, \.elementCount, of: "the number of elements that a loop collects")
            rows[index].append(value)
        }
    }
}
