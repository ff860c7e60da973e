import MLOpsCore

/// How far outputs are from what is expected.
struct Comparison: Encodable, CustomStringConvertible {
    struct Output: Encodable {
        var name: String
        var passes: Bool
        /// The largest difference, as a share of the expected number where that is above 1; absent where it is not finite,
        /// or there is none to measure.
        var difference: Double?
        /// How many elements are further away than the tolerance; whole numbers and texts must be equal.
        var failing: Int?
        /// What is wrong; absent when nothing is.
        var problem: String?
    }

    var outputs: [Output]
    var tolerance: Double
    var passes: Bool

    init(
        _ names: [String], _ outputs: [String: TensorValue], _ expected: [String: TensorValue], tolerance: Double
    ) throws {
        self.tolerance = tolerance
        self.outputs = try names.map { name in
            guard let value = outputs[name], let expected = expected[name] else {
                return Output(name: name, passes: false, problem: "it is not there")
            }
            return try Self.compare(name, value, expected, tolerance: tolerance)
        }
        passes = self.outputs.allSatisfy(\.passes)
    }

    private static func compare(
        _ name: String, _ value: TensorValue, _ expected: TensorValue, tolerance: Double
    ) throws -> Output {
        guard value.elementType == expected.elementType else {
            let types = "\(value.elementType.rawValue), expected \(expected.elementType.rawValue)"
            return Output(name: name, passes: false, problem: "its type is \(types)")
        }
        guard value.shape == expected.shape else {
            return Output(name: name, passes: false, problem: "its shape is \(value.shape), expected \(expected.shape)")
        }
        return try value.withElements { element in
            try expected.withElements { expectedElement in
                var (worst, worstIndex, failing) = (0.0, nil as Int?, 0)
                for index in 0..<value.elementCount {
                    let (size, isExact) = difference(element(index), expectedElement(index))
                    if size > (isExact ? 0 : tolerance) { failing += 1 }
                    if size > worst { (worst, worstIndex) = (size, index) }
                }
                var output = Output(name: name, passes: failing == 0, failing: failing)
                if value.elementType != .bytes, worst.isFinite { output.difference = worst }
                if failing > 0, let index = worstIndex {
                    output.problem =
                        "\(failing) of \(value.elementCount) elements; \(place(of: index, in: value.shape)) is "
                        + "\(element(index)), expected \(expectedElement(index))"
                }
                return output
            }
        }
    }

    /// How far an element is from another, and whether they must be equal.
    private static func difference(_ a: TensorElement, _ b: TensorElement) -> (size: Double, isExact: Bool) {
        guard case .number(let x) = a, case .number(let y) = b else {
            if a == b { return (0, true) }
            // Numbers may be too large for their difference to be seen in one of 64 bits.
            let size = a.number.flatMap { x in b.number.map { abs(x - $0) / max(1, abs($0)) } } ?? .infinity
            return (max(size, .leastNonzeroMagnitude), true)
        }
        if x == y || (x.isNaN && y.isNaN) { return (0, false) }
        let size = abs(x - y) / max(1, abs(y))
        return (size.isNaN ? .infinity : size, false)
    }

    private static func place(of index: Int, in shape: [Int]) -> String {
        var (rest, place) = (index, [Int]())
        for extent in shape.reversed() {
            place.insert(rest % extent, at: 0)
            rest /= extent
        }
        return "\(place)"
    }

    var description: String {
        let lines = outputs.map { output in
            let difference = output.difference.map { "largest difference \(TensorElement.number($0))" }
            let findings = [difference, output.problem].compactMap { $0 }
            return "\(output.name)  " + (findings.isEmpty ? "equal" : findings.joined(separator: "; "))
        }
        let verdict =
            passes ? "passed" : "failed: numbers may differ by \(tolerance), whole numbers and texts not at all"
        return (lines + [verdict]).joined(separator: "\n")
    }
}
