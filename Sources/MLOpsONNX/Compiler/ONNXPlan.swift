/// How a session runs a model on inputs of certain shapes: what it does in which order, and the memory that takes.
public struct ONNXPlan: Sendable, Hashable, Codable, CustomStringConvertible {
    /// One step.
    public struct Step: Sendable, Hashable, Codable {
        /// The name of the node in the model.
        public var name: String
        /// The operator, or that elements are moved to another order.
        public var `operator`: String
        /// The nodes of the model whose work the step does as well.
        public var fused: [String]
        /// The shape of the first result.
        public var shape: [Int]
        /// The order of the elements of the first result: `row-major`, `channels-last`, `permuted` or `strided`.
        public var layout: String
        /// The bytes of the results.
        public var bytes: Int
        /// Whether the results take the place of what the step reads.
        public var isInPlace: Bool
        /// Whether kernels do the step without taking memory; else the operator is run as it is.
        public var isPlanned: Bool
        /// The mean time of the step in a profiled run; `nil` without one.
        public var seconds: Double?
    }

    /// The steps in order.
    public var steps: [Step]
    /// How many places each pass rewrote, by its name.
    public var passes: [String: Int]
    /// The most bytes that values take at a time, which is what an instance of the plan takes.
    public var peakBytes: Int
    /// The bytes of all values, if none took another's place.
    public var valueBytes: Int
    /// The mean time of a profiled run, with inputs and outputs; `nil` without one.
    public var seconds: Double?

    /// The plan as a table.
    public var description: String {
        var lines = steps.map { step in
            let time = step.seconds.map { Self.pad("\(Double(Int($0 * 1e7)) / 10) µs", 12) + "  " } ?? ""
            let marks = [step.isInPlace ? "in place" : nil, step.isPlanned ? nil : "as it is"].compactMap { $0 }
            let fused = step.fused.isEmpty ? "" : " + \(step.fused.count) fused"
            return time + Self.fill(step.operator + fused, 36) + Self.fill("\(step.shape)", 20)
                + Self.fill(step.layout, 14) + Self.pad("\(step.bytes)", 11)
                + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))") + "  \(step.name)"
        }
        if !passes.isEmpty {
            lines.append(
                "passes: " + passes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        let count = "\(steps.count) step\(steps.count == 1 ? "" : "s")"
        lines.append("\(count); \(peakBytes) bytes at the peak, of \(valueBytes) of all values")
        if let seconds { lines.append("\(Double(Int(seconds * 1e6)) / 1e3) ms a run") }
        return lines.joined(separator: "\n")
    }

    private static func fill(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension ONNXPlan {
    /// Takes down a plan.
    init(_ plan: ExecutionPlan, passes: [String: Int]) {
        let width = MemoryLayout<Float>.stride
        self.passes = passes
        peakBytes = plan.size * width
        valueBytes = plan.buffers.reduce(0) { $0 + ($1.constant == nil ? $1.count * width : 0) }
        steps = plan.steps.map { step in
            let first = step.writes.first
            let isPlanned = if case .work = step.kind { true } else { false }
            return Step(
                name: step.name, operator: step.operatorName, fused: step.fused, shape: first?.shape ?? [],
                layout: first?.orderName ?? "", bytes: step.writes.reduce(0) { $0 + $1.count * $1.width },
                isInPlace: first.map { step.reads.contains($0.buffer) } ?? false, isPlanned: isPlanned)
        }
    }
}
