internal import MLOpsCore
internal import MLOpsTensor

/// A graph while passes rewrite it: who makes each value, and who takes it.
struct GraphEditor {
    typealias Node = OperatorGraph.Node

    /// The nodes by their place; `nil` for one that is gone.
    private(set) var nodes: [Node?]
    private(set) var types: [String: ValueType]
    private let graph: OperatorGraph
    private let outputs: Set<String>
    private var makers: [String: Int] = [:]
    private var takers: [String: [Int]] = [:]

    /// Starts from a graph.
    init(_ graph: OperatorGraph) {
        (self.graph, nodes, types) = (graph, graph.nodes, graph.types)
        outputs = Set(graph.signature.outputs.map(\.name))
        for index in graph.nodes.indices { link(index) }
    }

    /// The graph as it has become.
    var result: OperatorGraph {
        var result = graph
        (result.nodes, result.types) = (nodes.compactMap { $0 }, types)
        result.removeUnused()
        return result
    }

    /// The places of the nodes of an operator, in order.
    func places<Op: Operator>(of type: Op.Type) -> [Int] { nodes.indices.filter { nodes[$0]?.op is Op } }

    /// A node whose operator is of a type.
    func node<Op: Operator>(_ place: Int?, _ type: Op.Type) -> (node: Node, op: Op)? {
        guard let place, let node = nodes[place], let op = node.op as? Op else { return nil }
        return (node, op)
    }

    /// The place of the node that makes a value.
    func maker(of name: String) -> Int? { makers[name] }

    /// The places of the nodes that take a value, twice where one takes it twice.
    func takers(of name: String) -> [Int] { takers[name] ?? [] }

    /// The place of the only node that takes a value; `nil` when there are more, or it is an output of the graph.
    func soleTaker(of name: String) -> Int? {
        let places = takers(of: name)
        return places.count == 1 && !outputs.contains(name) ? places[0] : nil
    }

    /// Whether a value is an output of the graph.
    func isOutput(_ name: String) -> Bool { outputs.contains(name) }

    /// The constant of a name.
    func constant(_ name: String) -> Value? { types[name]?.constant }

    /// The only float of a constant.
    func scalar(_ name: String) -> Float? {
        guard let value = constant(name), value.count == 1, value.elementType == .float32 else { return nil }
        return value.read(as: Float.self) { $0[0] }
    }

    /// The operand of a node of two inputs that is no single constant, and the constant.
    func scalarOperand(of node: Node) -> (other: String, scalar: Float)? {
        guard node.inputs.count == 2 else { return nil }
        if let scalar = scalar(node.inputs[1]) { return (node.inputs[0], scalar) }
        if let scalar = scalar(node.inputs[0]) { return (node.inputs[1], scalar) }
        return nil
    }

    /// Puts a node in place of some, at the place of the last of them. Their values but its own must have no takers
    /// beside them.
    mutating func replace(_ places: [Int], with node: Node) {
        guard let last = places.max() else { return }
        for place in places { unlink(place) }
        nodes[last] = node
        link(last)
    }

    /// Takes out a node whose only output is one of its inputs.
    mutating func bypass(_ place: Int, to name: String) {
        guard let node = nodes[place], let output = node.outputs.first else { return }
        unlink(place)
        for taker in Set(takers(of: output)) {
            guard var copy = nodes[taker] else { continue }
            unlink(taker)
            copy.inputs = copy.inputs.map { $0 == output ? name : $0 }
            nodes[taker] = copy
            link(taker)
        }
    }

    /// Adds a constant under a name that begins as told.
    mutating func add(_ value: Value, named name: String) -> String {
        var unique = name
        var number = 1
        while types[unique] != nil {
            number += 1
            unique = "\(name).\(number)"
        }
        types[unique] = ValueType(value)
        return unique
    }

    private mutating func link(_ place: Int) {
        guard let node = nodes[place] else { return }
        for name in node.inputs where !name.isEmpty { takers[name, default: []].append(place) }
        for name in node.outputs where !name.isEmpty { makers[name] = place }
    }

    private mutating func unlink(_ place: Int) {
        guard let node = nodes[place] else { return }
        for name in node.inputs where !name.isEmpty { takers[name]?.removeAll { $0 == place } }
        for name in node.outputs where makers[name] == place { makers[name] = nil }
        nodes[place] = nil
    }
}
