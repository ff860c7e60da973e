public import MLOpsCore

extension ModelGraph {
    /// The preprocessing of rows as a graph: `rows` FP64 [N, columns] in, `features` FP32 [N, features] out.
    ///
    /// It computes what ``MLOpsCore/TabularPreprocessing/features(of:)`` computes, in the same order, so that its
    /// results are the same to the bit.
    public init(_ preprocessing: TabularPreprocessing, name: String = "preprocessing") throws {
        let (columns, features) = (preprocessing.columns, preprocessing.features)
        self.init(
            name: name,
            signature: ModelSignature(
                inputs: [.init("rows", .float64, shape: [-1, columns.count])],
                outputs: [.init("features", .float32, shape: [-1, features.count])]))

        func constant(_ name: String, _ value: (TabularPreprocessing.Feature) -> Double) throws -> String {
            constants[name] = try TensorValue(
                .float64, shape: [features.count], bytes: features.map(value).withUnsafeBytes { Array($0) })
            return name
        }
        func truths(_ name: String, _ value: (TabularPreprocessing.Feature) -> Bool) throws -> String {
            constants[name] = try TensorValue(
                .bool, shape: [features.count], bytes: features.map { value($0) ? 1 : 0 })
            return name
        }
        func append(
            _ op: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], to output: String
        ) -> String {
            nodes.append(
                Node(op, name: "make_\(output)", inputs: inputs, outputs: [output], attributes: attributes))
            return output
        }

        constants["columns"] = try TensorValue(
            .int64, shape: [features.count],
            bytes: features.map { Int64($0.column).littleEndian }.withUnsafeBytes { Array($0) })
        let given = append("Gather", ["rows", "columns"], ["axis": .int(1)], to: "given")
        let missing = append("IsNaN", [given], to: "missing")
        let replacement = try constant("replacement") { columns[$0.column].replacement ?? .nan }
        let value = append("Where", [missing, replacement, given], to: "value")
        let centered = try append("Sub", [value, constant("center") { $0.scaling.center }], to: "centered")
        let scaled = try append("Mul", [centered, constant("scale") { $0.scaling.scale }], to: "scaled")
        var current = try append("Add", [scaled, constant("base") { $0.scaling.base }], to: "shifted")
        if features.contains(where: { $0.number != nil }) {
            let equal = try append("Equal", [value, constant("number") { $0.number ?? 0 }], to: "equal")
            let indicator = append("Cast", [equal], ["to": .int(11)], to: "indicator")
            let isIndicator = try truths("is_indicator") { $0.number != nil }
            current = append("Where", [isIndicator, indicator, current], to: "indicated")
        }
        if features.contains(where: { $0.rule == .isMissing }) {
            let mark = append("Cast", [missing], ["to": .int(11)], to: "mark")
            let isMark = try truths("is_mark") { $0.rule == .isMissing }
            current = append("Where", [isMark, mark, current], to: "marked")
        }
        _ = append("Cast", [current], ["to": .int(1)], to: "features")
    }

    /// The two graphs as one: this graph takes as its inputs what the other gives under the same names.
    ///
    /// Inputs that the other does not give remain inputs. The names of the other graph's nodes, constants and inner
    /// values are prefixed by its name, so that they stay apart.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the other gives none of the inputs, or one of
    ///   another type or rank.
    public func preceded(by other: ModelGraph) throws -> ModelGraph {
        let given = Dictionary(other.signature.outputs.map { ($0.name, $0) }) { first, _ in first }
        let taken = signature.inputs.filter { given[$0.name] != nil }
        guard !taken.isEmpty,
            taken.allSatisfy({
                given[$0.name]?.elementType == $0.elementType && given[$0.name]?.shape.count == $0.shape.count
            })
        else {
            throw MLOpsError(
                .invalidArgument,
                "'\(name)' takes \(signature.inputs), and '\(other.name)' gives \(other.signature.outputs).",
                help: "Give a graph whose outputs have the names and types of this one's inputs.")
        }
        let kept = Set((other.signature.inputs + taken).map(\.name)).union([""])
        func renamed(_ name: String) -> String { kept.contains(name) ? name : "\(other.name).\(name)" }
        var graph = self
        graph.signature.inputs =
            other.signature.inputs + signature.inputs.filter { given[$0.name] == nil }
        graph.nodes =
            other.nodes.map { node in
                var node = node
                node.name = "\(other.name).\(node.name)"
                node.inputs = node.inputs.map(renamed)
                node.outputs = node.outputs.map(renamed)
                return node
            } + nodes
        for (name, value) in other.constants { graph.constants[renamed(name)] = value }
        graph.metadata.merge(other.metadata) { own, _ in own }
        return graph
    }
}

extension TabularPreprocessing.Feature {
    /// The parameters of `scaled`; those of another rule change nothing.
    fileprivate var scaling: (center: Double, scale: Double, base: Double) {
        if case .scaled(let center, let scale, let base) = rule { return (center, scale, base) }
        return (0, 1, 0)
    }

    /// The number of `equals`.
    fileprivate var number: Double? {
        if case .equals(let number) = rule { return number }
        return nil
    }
}
