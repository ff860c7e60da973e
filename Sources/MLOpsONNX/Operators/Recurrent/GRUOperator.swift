/// `GRU`: a hidden state that is kept or made new, unit by unit: the gates z, r, h in this order.
struct GRUOperator: RecurrentOperator {
    static let name = "GRU"
    static let gates = 3
    static let activations = ["Sigmoid", "Tanh"]
    let rule: RecurrentRule
    private let resetsLast: Bool

    init(_ node: inout NodeReader) throws {
        rule = try RecurrentRule(&node, activations: Self.activations)
        resetsLast = try node.flag("linear_before_reset", default: false)
    }

    func step(_ cell: RecurrentCell, gates: UnsafePointer<Float>, recurrent: UnsafePointer<Float>) {
        let (units, direction) = (rule.hidden, cell.direction)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * units) { memory in
            for i in 0..<units {
                func sum(_ gate: Int) -> Float {
                    gates[gate * units + i] + recurrent[gate * units + i] + cell.bias[gate * units + i]
                }
                memory[i] = rule.activate(sum(0), 0, direction: direction)
                memory[units + i] = rule.activate(sum(1), 0, direction: direction)
                // The state as far as it is not reset, for all products before any is changed.
                memory[2 * units + i] = memory[units + i] * cell.hidden[i]
            }
            for i in 0..<units {
                var product = recurrent[2 * units + i] + cell.bias[2 * units + i]
                if resetsLast {
                    product *= memory[units + i]
                } else {
                    product = cell.bias[2 * units + i]
                    let row = cell.weights + (2 * units + i) * units
                    for j in 0..<units { product += row[j] * memory[2 * units + j] }
                }
                let new = rule.activate(gates[2 * units + i] + product, 1, direction: direction)
                cell.hidden[i] = (1 - memory[i]) * new + memory[i] * cell.hidden[i]
            }
        }
    }
}
