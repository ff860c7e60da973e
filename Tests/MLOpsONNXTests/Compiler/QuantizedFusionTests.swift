import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// Networks on 8-bit integers, stated as floats between DequantizeLinear and QuantizeLinear: joined to integer steps they
/// give what the nodes give one by one.
@Suite struct QuantizedFusionTests {
    private typealias Node = ModelGraph.Node

    private static func wholes(_ count: Int, seed: Int, within limit: Int) -> [Int] {
        (0..<count).map { Int((sin(Double($0 * 37 + seed * 101) * 0.7) * Double(limit)).rounded()) }
    }

    private static func int8(_ shape: [Int], seed: Int, within limit: Int) throws -> TensorValue {
        let values = wholes(shape.reduce(1, *), seed: seed, within: limit)
        return try TensorValue(.int8, shape: shape, bytes: values.map { UInt8(truncatingIfNeeded: $0) })
    }

    private static func int32(_ values: [Int]) throws -> TensorValue {
        try TensorValue(.int32, shape: [values.count], bytes: values.map { Int32($0) }.withUnsafeBytes(Array.init))
    }

    private static func floats(_ values: [Float], _ shape: [Int]? = nil) throws -> TensorValue {
        try TensorValue(shape: shape ?? [values.count], floats: values)
    }

    /// A residual block with pooling and a classifier, x [N, 3, 9, 9] to y [N, 5].
    private static func network(_ type: ElementType, weightZero: Int) throws -> ModelGraph {
        var nodes: [Node] = []
        var constants: [String: TensorValue] = [:]
        let scales: [String: (Float, Int)] = [
            "x": (0.008, -1), "c": (0.02, -128), "d": (0.03, 4), "a": (0.035, -20), "p": (0.035, -20),
            "g": (0.03, -20), "y": (0.05, 2),
        ]
        let offset = type == .uint8 ? 128 : 0
        func quantize(_ name: String, _ source: String) throws {
            guard let (scale, zero) = scales[name] else { return }
            constants["\(name).scale"] = try floats([scale], [])
            constants["\(name).zero"] = try TensorValue(
                type, shape: [], bytes: [UInt8(truncatingIfNeeded: zero + offset)])
            let parameters = ["\(name).scale", "\(name).zero"]
            nodes += [
                Node("QuantizeLinear", name: "Q \(name)", inputs: [source] + parameters, outputs: ["\(name).q"]),
                Node(
                    "DequantizeLinear", name: "DQ \(name)", inputs: ["\(name).q"] + parameters,
                    outputs: ["\(name).f"]),
            ]
        }
        func weights(_ name: String, _ shape: [Int], input: Float, seed: Int) throws {
            let scales = (0..<shape[0]).map { 0.004 + 0.001 * Float($0 % 3) }
            constants["\(name).w"] = try int8(shape, seed: seed, within: 60)
            constants["\(name).s"] = try floats(scales)
            constants["\(name).z"] = try TensorValue(
                .int8, shape: [shape[0]],
                bytes: .init(repeating: UInt8(truncatingIfNeeded: weightZero), count: shape[0]))
            constants["\(name).b"] = try int32(wholes(shape[0], seed: seed + 1, within: 3000))
            constants["\(name).bs"] = try floats(scales.map { $0 * input })
            let axis = ["axis": ModelGraph.Attribute.int(0)]
            nodes += [
                Node(
                    "DequantizeLinear", name: "\(name) weights", inputs: ["\(name).w", "\(name).s", "\(name).z"],
                    outputs: ["\(name).wf"], attributes: axis),
                Node(
                    "DequantizeLinear", name: "\(name) bias", inputs: ["\(name).b", "\(name).bs"],
                    outputs: ["\(name).bf"], attributes: axis),
            ]
        }
        let window: [String: ModelGraph.Attribute] = ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]
        try weights("one", [8, 3, 3, 3], input: 0.008, seed: 3)
        try weights("two", [8, 8, 3, 3], input: 0.02, seed: 5)
        try weights("three", [5, 8], input: 0.03, seed: 7)
        try quantize("x", "x")
        nodes += [
            Node("Conv", name: "one", inputs: ["x.f", "one.wf", "one.bf"], outputs: ["c0"], attributes: window),
            Node("Relu", name: "relu", inputs: ["c0"], outputs: ["c"]),
        ]
        try quantize("c", "c")
        nodes.append(
            Node("Conv", name: "two", inputs: ["c.f", "two.wf", "two.bf"], outputs: ["d"], attributes: window))
        try quantize("d", "d")
        nodes.append(Node("Add", name: "sum", inputs: ["d.f", "c.f"], outputs: ["a"]))
        try quantize("a", "a")
        nodes.append(
            Node(
                "MaxPool", name: "pool", inputs: ["a.f"], outputs: ["p"],
                attributes: window.merging(["strides": .ints([2, 2])]) { a, _ in a }))
        try quantize("p", "p")
        nodes.append(Node("GlobalAveragePool", name: "mean", inputs: ["p.f"], outputs: ["g"]))
        try quantize("g", "g")
        nodes += [
            Node("Flatten", name: "flatten", inputs: ["g.f"], outputs: ["h"]),
            Node("QuantizeLinear", name: "Q h", inputs: ["h", "g.scale", "g.zero"], outputs: ["h.q"]),
            Node("DequantizeLinear", name: "DQ h", inputs: ["h.q", "g.scale", "g.zero"], outputs: ["h.f"]),
            Node(
                "Gemm", name: "three", inputs: ["h.f", "three.wf", "three.bf"], outputs: ["y0"],
                attributes: ["transB": .int(1)]),
        ]
        try quantize("y", "y0")
        nodes.append(Node("Identity", name: "result", inputs: ["y.f"], outputs: ["y"]))
        return SampleGraphs.graph(nodes, x: [-1, 3, 9, 9], y: [-1, 5], constants: constants)
    }

    @Test(arguments: [(ElementType.uint8, 0), (.int8, 0), (.uint8, 7)])
    func integerStepsGiveWhatTheNodesGiveOneByOne(_ type: ElementType, _ weightZero: Int) throws {
        let graph = try Self.network(type, weightZero: weightZero)
        let compute = Compute(threads: 2)
        let (joined, plain) = (
            try ONNXSession(graph, compute: compute), try ONNXSession(graph, compute: compute, isFused: false)
        )
        for batch in [1, 3] {
            let count = batch * 3 * 81
            let x = (0..<count).map { Float(sin(Double($0 * 53) * 0.31)) }
            let inputs = ["x": try Self.floats(x, [batch, 3, 9, 9])]
            let wanted = try #require(try plain.run(inputs)["y"]).floats()
            for _ in 0..<2 {
                let found = try #require(try joined.run(inputs)["y"]).floats()
                #expect(found.count == wanted.count)
                // One step of the last quantization.
                for (a, b) in zip(found, wanted) { #expect(abs(a - b) <= 0.0501, "\(found) \(wanted)") }
            }
            #expect(Set(wanted).count > 2, "The network tells inputs apart.")
        }
        let plan = try joined.explain()
        let joins = plan.steps.map(\.operator).filter { $0.hasSuffix("(integers)") }
        #expect(
            joins == [
                "Conv+Relu (integers)", "Conv (integers)", "Add (integers)", "MaxPool (integers)", "Gemm (integers)",
            ], "\(plan)")
        #expect(plan.steps.filter { !$0.isPlanned }.isEmpty, "\(plan)")
    }

    @Test func whatDoesNotFitStaysWithFloats() throws {
        // The result of the product leaves as floats, and pixels come in as integers.
        let nodes = [
            Node("DequantizeLinear", name: "DQ", inputs: ["x", "s", "z"], outputs: ["f"]),
            Node("DequantizeLinear", name: "weights", inputs: ["w", "s"], outputs: ["wf"]),
            Node("MatMul", name: "product", inputs: ["f", "wf"], outputs: ["y"]),
        ]
        var graph = SampleGraphs.graph(
            nodes, x: [2, 4], y: [2, 3],
            constants: [
                "s": try Self.floats([0.5], []), "z": try TensorValue(.uint8, shape: [], bytes: [2]),
                "w": try Self.int8([4, 3], seed: 1, within: 9),
            ])
        graph.signature.inputs = [.init("x", .uint8, shape: [2, 4])]
        let inputs = ["x": try TensorValue(.uint8, shape: [2, 4], bytes: [0, 1, 2, 3, 4, 50, 255, 7])]
        let compute = Compute(threads: 1)
        let (a, b) = (
            try ONNXSession(graph, compute: compute).run(inputs),
            try ONNXSession(graph, compute: compute, isFused: false).run(inputs)
        )
        #expect(a == b)
    }
}
