/// `RNN`: h = f(W · x + R · h + b) at each step.
struct RNNOperator: RecurrentOperator {
    static let name = "RNN"
    static let gates = 1
    static let activations = ["Tanh"]
    let rule: RecurrentRule

    init(_ node: inout NodeReader) throws { rule = try RecurrentRule(&node, activations: Self.activations) }

    func step(_ cell: RecurrentCell, gates: UnsafePointer<Float>, recurrent: UnsafePointer<Float>) {
        for i in 0..<rule.hidden {
            cell.hidden[i] = rule.activate(gates[i] + recurrent[i] + cell.bias[i], 0, direction: cell.direction)
        }
    }
}
