/// `LSTM`: a cell state that gates let in, keep and show: the gates i, o, f, c in this order.
struct LSTMOperator: RecurrentOperator {
    static let name = "LSTM"
    static let gates = 4
    static let activations = ["Sigmoid", "Tanh", "Tanh"]
    static let hasCell = true
    let rule: RecurrentRule
    private let couplesInput: Bool

    init(_ node: inout NodeReader) throws {
        rule = try RecurrentRule(&node, activations: Self.activations)
        couplesInput = try node.flag("input_forget", default: false)
    }

    func step(_ cell: RecurrentCell, gates: UnsafePointer<Float>, recurrent: UnsafePointer<Float>) {
        let (units, peepholes, direction) = (rule.hidden, cell.peepholes, cell.direction)
        for i in 0..<units {
            func sum(_ gate: Int) -> Float {
                gates[gate * units + i] + recurrent[gate * units + i] + cell.bias[gate * units + i]
            }
            let old = cell.cell[i]
            let input = rule.activate(sum(0) + peepholes[i] * old, 0, direction: direction)
            let forget =
                couplesInput
                ? 1 - input : rule.activate(sum(2) + peepholes[2 * units + i] * old, 0, direction: direction)
            let new = forget * old + input * rule.activate(sum(3), 1, direction: direction)
            let output = rule.activate(sum(1) + peepholes[units + i] * new, 0, direction: direction)
            cell.cell[i] = new
            cell.hidden[i] = output * rule.activate(new, 2, direction: direction, isState: true)
        }
    }
}
