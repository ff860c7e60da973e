import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// Each pass on a graph that has its pattern: the graph runs the same with it and without.
@Suite struct GraphPassTests {
    /// Repeatable numbers between −1 and 1.
    private static func numbers(_ count: Int, seed: Int = 1) -> [Float] {
        (0..<count).map { Float(sin(Double($0 * 37 + seed * 101) * 0.7)) }
    }

    private static func tensor(_ shape: [Int], seed: Int = 1) throws -> TensorValue {
        try TensorValue(shape: shape, floats: numbers(shape.reduce(1, *), seed: seed))
    }

    private static func integers(_ values: [Int64]) throws -> TensorValue {
        try TensorValue(.int64, shape: [values.count], bytes: values.bytes)
    }

    private static func scalar(_ value: Float) throws -> TensorValue { try TensorValue(shape: [], floats: [value]) }

    /// A graph with what its pass is called, and the operators of its plan.
    struct Case: CustomTestStringConvertible {
        let pass: String
        let steps: [String]
        let x: [Int]
        let y: [Int]
        let nodes: [ModelGraph.Node]
        let constants: [String: TensorValue]
        var testDescription: String { "\(pass) \(steps)" }
    }

    private static func node(
        _ op: String, _ inputs: [String], _ output: String, _ attributes: [String: ModelGraph.Attribute] = [:]
    )
        -> ModelGraph.Node
    { .init(op, name: "\(op) \(output)", inputs: inputs, outputs: [output], attributes: attributes) }

    private static func convolution(_ inputs: [String], _ output: String) -> ModelGraph.Node {
        node("Conv", inputs, output, ["pads": .ints([1, 1, 1, 1]), "kernel_shape": .ints([3, 3])])
    }

    private static func halving(
        _ inputs: [String], _ output: String, pads: [Int] = [0, 0, 0, 0]
    ) -> ModelGraph.Node {
        node(
            "MaxPool", inputs, output,
            [
                "strides": .ints([2, 2]), "kernel_shape": .ints([2, 2]), "pads": .ints(pads),
            ])
    }

    static let cases: [Case] = {
        do {
            let image = [2, 16, 9, 11]
            let weights = ["w": try tensor([16, 16, 3, 3], seed: 2), "b": try tensor([16], seed: 3)]
            let normalization = [
                "s": try tensor([16], seed: 4), "o": try tensor([16], seed: 5), "m": try tensor([16], seed: 6),
                "v": try TensorValue(shape: [16], floats: numbers(16, seed: 7).map { $0 * $0 + 0.5 }),
            ]
            let matrix = ["w": try tensor([12, 40], seed: 2), "b": try tensor([40], seed: 3)]
            let half = ["half": try scalar(0.5), "one": try scalar(1), "root": try scalar(2.0.squareRoot().asFloat)]
            let gelu = [
                node("Div", ["h", "root"], "d"), node("Erf", ["d"], "e"), node("Add", ["e", "one"], "p"),
            ]
            let last = ["axes": ModelGraph.Attribute.ints([-1])]
            return [
                Case(
                    pass: "identity removal", steps: ["Relu"], x: [3, 4], y: [3, 4],
                    nodes: [node("Identity", ["x"], "i"), node("Dropout", ["i"], "d"), node("Relu", ["d"], "y")],
                    constants: [:]),
                Case(
                    pass: "batch normalization folding", steps: ["move to channels-last", "Conv"], x: image, y: image,
                    nodes: [
                        convolution(["x", "w", "b"], "c"), node("BatchNormalization", ["c", "s", "o", "m", "v"], "y"),
                    ],
                    constants: weights.merging(normalization) { a, _ in a }),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+Add+Relu"], x: image, y: image,
                    nodes: [
                        convolution(["x", "w", "b"], "c"), node("Add", ["x", "c"], "a"), node("Relu", ["a"], "y"),
                    ], constants: weights),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+SiLU"], x: image, y: image,
                    nodes: [
                        convolution(["x", "w"], "c"), node("Sigmoid", ["c"], "s"), node("Mul", ["c", "s"], "y"),
                    ], constants: ["w": weights["w"]!]),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+Relu+MaxPool"],
                    x: [2, 16, 10, 12], y: [2, 16, 5, 6],
                    nodes: [convolution(["x", "w", "b"], "c"), node("Relu", ["c"], "r"), halving(["r"], "y")],
                    constants: weights),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+SiLU", "MaxPool"],
                    x: [2, 16, 10, 12], y: [2, 16, 5, 6],
                    nodes: [
                        convolution(["x", "w"], "c"), node("Sigmoid", ["c"], "s"), node("Mul", ["c", "s"], "m"),
                        halving(["m"], "y"),
                    ], constants: ["w": weights["w"]!]),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+Relu", "MaxPool"],
                    x: [2, 16, 9, 12], y: [2, 16, 4, 6],
                    nodes: [convolution(["x", "w", "b"], "c"), node("Relu", ["c"], "r"), halving(["r"], "y")],
                    constants: weights),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+Add", "MaxPool"],
                    x: [2, 16, 10, 12], y: [2, 16, 5, 6],
                    nodes: [convolution(["x", "w", "b"], "c"), node("Add", ["x", "c"], "a"), halving(["a"], "y")],
                    constants: weights),
                Case(
                    pass: "convolution fusion", steps: ["move to channels-last", "Conv+Relu", "MaxPool"],
                    x: [2, 16, 10, 12], y: [2, 16, 6, 7],
                    nodes: [
                        convolution(["x", "w", "b"], "c"), node("Relu", ["c"], "r"),
                        halving(["r"], "y", pads: [1, 1, 1, 1]),
                    ], constants: weights),
                Case(
                    pass: "activation recognition", steps: ["Function"], x: [3, 7], y: [3, 7],
                    nodes: [node("HardSigmoid", ["x"], "s"), node("Mul", ["s", "x"], "y")], constants: [:]),
                Case(
                    pass: "activation recognition", steps: ["MatMul+bias+Gelu"], x: [5, 12], y: [5, 40],
                    nodes: [node("MatMul", ["x", "w"], "m"), node("Add", ["b", "m"], "h")] + gelu + [
                        node("Mul", ["h", "p"], "q"), node("Mul", ["q", "half"], "y"),
                    ], constants: matrix.merging(half) { a, _ in a }),
                Case(
                    pass: "activation recognition", steps: ["Function"], x: [5, 12], y: [5, 12],
                    nodes: [
                        node("Identity", ["x"], "h"), node("Mul", ["h", "h"], "h2"), node("Mul", ["h2", "h"], "h3"),
                        node("Mul", ["h3", "share"], "t"), node("Add", ["h", "t"], "u"),
                        node("Mul", ["u", "factor"], "v"),
                        node("Tanh", ["v"], "e"), node("Add", ["e", "one"], "p"), node("Mul", ["half", "p"], "q"),
                        node("Mul", ["h", "q"], "y"),
                    ],
                    constants: half.merging([
                        "share": try scalar(0.044715), "factor": try scalar(0.7978845608),
                    ]) { a, _ in a }),
                Case(
                    pass: "product fusion", steps: ["MatMul+bias+Add+Relu"], x: [4, 12], y: [4, 12],
                    nodes: [
                        node("Gemm", ["x", "w", "b"], "m", ["transB": .int(1)]), node("Add", ["m", "x"], "a"),
                        node("Relu", ["a"], "y"),
                    ], constants: ["w": try tensor([12, 12], seed: 2), "b": try tensor([12], seed: 3)]),
                Case(
                    pass: "layer normalization recognition", steps: ["LayerNormalization"], x: [3, 5, 24],
                    y: [3, 5, 24],
                    nodes: [
                        node("ReduceMean", ["x"], "m", last), node("Sub", ["x", "m"], "d"),
                        node("Pow", ["d", "two"], "q"),
                        node("ReduceMean", ["q"], "v", last), node("Add", ["v", "eps"], "e"), node("Sqrt", ["e"], "r"),
                        node("Div", ["d", "r"], "n"), node("Mul", ["n", "s"], "k"), node("Add", ["k", "o"], "y"),
                    ],
                    constants: [
                        "two": try scalar(2), "eps": try scalar(1e-5), "s": try tensor([24], seed: 2),
                        "o": try tensor([24], seed: 3),
                    ]),
                Case(
                    pass: "attention fusion", steps: ["DotAttention"], x: [2, 6, 24], y: [2, 6, 24],
                    nodes: ["q", "k", "v"].flatMap { name in
                        [
                            node("Reshape", ["x", "heads"], "\(name)0"),
                            node(
                                "Transpose", ["\(name)0"], "\(name)1",
                                ["perm": .ints(name == "k" ? [0, 2, 3, 1] : [0, 2, 1, 3])]),
                        ]
                    } + [
                        node("Mul", ["q1", "scale"], "q2"), node("MatMul", ["q2", "k1"], "s"),
                        node("Add", ["s", "mask"], "t"),
                        node("Softmax", ["t"], "p", ["axis": .int(-1)]), node("MatMul", ["p", "v1"], "o"),
                        node("Transpose", ["o"], "u", ["perm": .ints([0, 2, 1, 3])]),
                        node("Reshape", ["u", "whole"], "y"),
                    ],
                    constants: [
                        "heads": try integers([0, 0, 3, 8]), "whole": try integers([0, 0, 24]),
                        "scale": try scalar(0.35),
                        "mask": try tensor([6, 6], seed: 2),
                    ]),
            ]
        } catch {
            Issue.record(error)
            return []
        }
    }()

    @Test(arguments: cases) func aPassChangesNothingButRounding(_ sample: Case) throws {
        let graph = SampleGraphs.graph(
            sample.nodes, x: [-1] + sample.x.dropFirst(), y: [-1] + sample.y.dropFirst(), constants: sample.constants)
        let compute = Compute(threads: 2)
        let (fused, plain) = (
            try ONNXSession(graph, compute: compute), try ONNXSession(graph, compute: compute, isFused: false)
        )
        let inputs = ["x": try Self.tensor(sample.x, seed: 9)]
        for _ in 0..<2 {
            let (a, b) = (try #require(try fused.run(inputs)["y"]), try #require(try plain.run(inputs)["y"]))
            #expect(a.shape == b.shape)
            let wanted = try b.floats()
            let size = max(1, wanted.map(abs).max() ?? 1)
            for (p, q) in zip(try a.floats(), wanted) { #expect(abs(p - q) <= 2e-5 * size) }
        }
        let plan = try fused.explain(["x": sample.x])
        #expect(plan.passes[sample.pass] ?? 0 > 0, "\(plan)")
        #expect(plan.steps.map(\.operator) == sample.steps, "\(plan)")
        #expect(try plain.explain(["x": sample.x]).passes.isEmpty)
    }

    @Test func aValueThatSomebodyElseTakesIsNotFusedAway() throws {
        var graph = SampleGraphs.graph(
            [
                Self.convolution(["x", "w"], "c"), Self.node("Relu", ["c"], "r"), Self.node("Add", ["r", "c"], "y"),
            ], x: [1, 4, 5, 5], y: [1, 4, 5, 5], constants: ["w": try Self.tensor([4, 4, 3, 3])])
        graph.signature.outputs.append(.init("c", .float32, shape: [1, 4, 5, 5]))
        let inputs = ["x": try Self.tensor([1, 4, 5, 5], seed: 2)]
        let compute = Compute(threads: 1)
        let (a, b) = (
            try ONNXSession(graph, compute: compute).run(inputs),
            try ONNXSession(graph, compute: compute, isFused: false).run(inputs)
        )
        #expect(a == b)
    }
}

extension Double {
    fileprivate var asFloat: Float { Float(self) }
}
