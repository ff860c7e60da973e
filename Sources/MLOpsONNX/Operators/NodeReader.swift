internal import MLOpsCore
internal import MLOpsTensor

/// Reads the attributes of a node, and keeps count of those that were read.
struct NodeReader {
    /// The operator sets of the graph.
    let operatorSets: OperatorSets
    /// What the graphs inside the node take from around it; these inputs follow its own.
    let captures: [String]
    /// How many inputs of its own the node has, those left out included.
    let inputCount: Int
    /// How many outputs the node has, those left out included.
    let outputCount: Int
    private let attributes: [String: ModelGraph.Attribute]
    private var read: Set<String> = []

    /// Starts with nothing read.
    init(_ node: ModelGraph.Node, _ operatorSets: OperatorSets) {
        self.operatorSets = operatorSets
        captures = node.captures
        inputCount = node.inputs.count - captures.count
        outputCount = node.outputs.count
        attributes = node.attributes
    }

    /// The version of the standard's own operator set.
    var operatorSet: Int { operatorSets.standard }

    /// A whole number; `nil` when the node does not have it.
    mutating func int(_ name: String) throws -> Int? {
        guard let attribute = take(name) else { return nil }
        guard case .int(let value) = attribute else { throw mismatch(name, "a whole number") }
        return value
    }

    /// A whole number of which only 0 and 1 are allowed.
    mutating func flag(_ name: String, default defaultValue: Bool) throws -> Bool {
        guard let value = try int(name) else { return defaultValue }
        guard value == 0 || value == 1 else { throw mismatch(name, "0 or 1") }
        return value == 1
    }

    /// A real number.
    mutating func float(_ name: String) throws -> Float? {
        guard let attribute = take(name) else { return nil }
        guard case .float(let value) = attribute else { throw mismatch(name, "a real number") }
        return value
    }

    /// A text.
    mutating func string(_ name: String) throws -> String? {
        guard let attribute = take(name) else { return nil }
        guard case .string(let value) = attribute else { throw mismatch(name, "a text") }
        return value
    }

    /// Whole numbers.
    mutating func ints(_ name: String) throws -> [Int]? {
        guard let attribute = take(name) else { return nil }
        guard case .ints(let values) = attribute else { throw mismatch(name, "a list of whole numbers") }
        return values
    }

    /// Real numbers.
    mutating func floats(_ name: String) throws -> [Float]? {
        guard let attribute = take(name) else { return nil }
        guard case .floats(let values) = attribute else { throw mismatch(name, "a list of real numbers") }
        return values
    }

    /// Texts.
    mutating func strings(_ name: String) throws -> [String]? {
        guard let attribute = take(name) else { return nil }
        guard case .strings(let values) = attribute else { throw mismatch(name, "a list of texts") }
        return values
    }

    /// A tensor.
    mutating func tensor(_ name: String) throws -> TensorValue? {
        guard let attribute = take(name) else { return nil }
        guard case .tensor(let value) = attribute else { throw mismatch(name, "a tensor") }
        return value
    }

    /// A graph that the operator can't do without.
    mutating func graph(_ name: String) throws -> ModelGraph.Body {
        guard let attribute = take(name), case .graph(let body) = attribute else { throw mismatch(name, "a graph") }
        return body
    }

    /// One of the words that an attribute may be; throws `invalidArgument` for another one.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default defaultValue: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = try string(name) else { return defaultValue }
        guard let choice = Choice(rawValue: text) else {
            throw mismatch(name, "one of \(Choice.allCases.map(\.rawValue))")
        }
        return choice
    }

    /// The attribute whatever its kind.
    mutating func take(_ name: String) -> ModelGraph.Attribute? {
        read.insert(name)
        return attributes[name]
    }

    /// Throws `unsupported` when the node has an attribute that nobody read.
    func finish() throws {
        let unknown = attributes.keys.filter { !read.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw MLOpsError(
                .unsupported, "The attributes \(unknown) are not known.",
                help: "Export the model with operator set 17 or an older one.")
        }
    }

    private func mismatch(_ name: String, _ expected: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument,
            "The attribute '\(name)' is \(attributes[name].map { "\($0)" } ?? "missing"), not \(expected).",
            help: "See the operator's definition in the ONNX standard.")
    }
}
