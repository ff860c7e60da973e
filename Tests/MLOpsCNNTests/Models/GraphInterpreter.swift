import Foundation
import MLOpsCore
import MLOpsTensor

/// Computes the operators that the CNN's graphs use, by their definition in the ONNX standard, in double precision.
struct GraphInterpreter {
    struct Value {
        var shape: [Int]
        var elements: [Double]
    }

    var values: [String: Value] = [:]

    init(_ graph: ModelGraph, pixels: [UInt8], shape: [Int]) throws {
        for (name, constant) in graph.constants {
            let elements =
                constant.elementType == .int64
                ? constant.bytes.withUnsafeBytes { $0.bindMemory(to: Int64.self).map { Double($0) } }
                : try constant.floats().map { Double($0) }
            values[name] = Value(shape: constant.shape, elements: elements)
        }
        values["image"] = Value(shape: shape, elements: pixels.map { Double($0) })
        for node in graph.nodes {
            let inputs = try node.inputs.map { name in
                guard let value = values[name] else { throw MLOpsError(.notFound, "No \(name)", help: "") }
                return value
            }
            values[node.outputs[0]] = try run(node, inputs)
        }
    }

    private func run(_ node: ModelGraph.Node, _ inputs: [Value]) throws -> Value {
        let x = inputs[0]
        func ints(_ name: String) -> [Int] { if case .ints(let v)? = node.attributes[name] { v } else { [] } }
        switch node.op {
        case "Cast": return x
        case "Transpose":
            let (n, h, w, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
            return build([n, c, h, w]) { i in x.elements[((i[0] * h + i[2]) * w + i[3]) * c + i[1]] }
        case "Mul", "Sub", "Add":
            let other = inputs[1]
            return build(x.shape) { i in
                // Axes are matched from the last one on; one element stands for all of its axis.
                let place = other.shape.indices.map { other.shape[$0] == 1 ? 0 : i[i.count - other.shape.count + $0] }
                let (a, b) = (x.elements[offset(i, x.shape)], other.elements[offset(place, other.shape)])
                return node.op == "Mul" ? a * b : node.op == "Add" ? a + b : a - b
            }
        case "Clip":
            let (low, high) = (inputs[1].elements[0], inputs[2].elements[0])
            return Value(shape: x.shape, elements: x.elements.map { min(max($0, low), high) })
        case "Sigmoid": return Value(shape: x.shape, elements: x.elements.map { 1 / (1 + exp(-$0)) })
        case "Erf": return Value(shape: x.shape, elements: x.elements.map { erf($0) })
        case "Reshape":
            var shape = inputs[1].elements.enumerated().map { $1 == 0 ? x.shape[$0] : Int($1) }
            if let open = shape.firstIndex(of: -1) { shape[open] = -x.elements.count / shape.reduce(1, *) }
            return Value(shape: shape, elements: x.elements)
        case "InstanceNormalization":
            let size = x.shape[2...].reduce(1, *)
            var result = x
            for (row, start) in stride(from: 0, to: x.elements.count, by: size).enumerated() {
                let values = x.elements[start..<start + size]
                let mean = values.reduce(0, +) / Double(size)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
                let c = row % x.shape[1]
                for i in values.indices {
                    result.elements[i] =
                        (values[i] - mean) / (variance + 1e-5).squareRoot() * inputs[1].elements[c]
                        + inputs[2].elements[c]
                }
            }
            return result
        case "AveragePool":
            let (k, s) = (ints("kernel_shape")[0], ints("strides")[0])
            let size = [2, 3].map { (x.shape[$0] - k) / s + 1 }
            return build(Array(x.shape[..<2]) + size) { i in
                var sum = 0.0
                for dy in 0..<k {
                    for dx in 0..<k { sum += x.elements[offset([i[0], i[1], i[2] * s + dy, i[3] * s + dx], x.shape)] }
                }
                return sum / Double(k * k)
            }
        case "Relu": return Value(shape: x.shape, elements: x.elements.map { max(0, $0) })
        case "Conv", "MaxPool":
            let (k, s) = (ints("kernel_shape")[0], ints("strides")[0])
            let p = ints("pads").first ?? 0
            let size = [2, 3].map { (x.shape[$0] + 2 * p - k) / s + 1 }
            let channels = node.op == "Conv" ? inputs[1].shape[0] : x.shape[1]
            return build([x.shape[0], channels] + size) { i in
                var result = node.op == "Conv" ? inputs[2].elements[i[1]] : -Double.infinity
                for dy in 0..<k {
                    for dx in 0..<k {
                        let (y, xx) = (i[2] * s - p + dy, i[3] * s - p + dx)
                        guard y >= 0, y < x.shape[2], xx >= 0, xx < x.shape[3] else { continue }
                        if node.op == "MaxPool" {
                            result = max(result, x.elements[offset([i[0], i[1], y, xx], x.shape)])
                        } else {
                            // A filter sees the channels of its own group.
                            let group = i[1] / (channels / (x.shape[1] / inputs[1].shape[1]))
                            for c in 0..<inputs[1].shape[1] {
                                let channel = group * inputs[1].shape[1] + c
                                result +=
                                    x.elements[offset([i[0], channel, y, xx], x.shape)]
                                    * inputs[1].elements[offset([i[1], c, dy, dx], inputs[1].shape)]
                            }
                        }
                    }
                }
                return result
            }
        case "BatchNormalization":
            return build(x.shape) { i in
                let c = i[1]
                let normal =
                    (x.elements[offset(i, x.shape)] - inputs[3].elements[c])
                    / (inputs[4].elements[c] + 1e-5).squareRoot()
                return normal * inputs[1].elements[c] + inputs[2].elements[c]
            }
        case "GlobalAveragePool":
            let area = x.shape[2] * x.shape[3]
            return build([x.shape[0], x.shape[1], 1, 1]) { i in
                let start = (i[0] * x.shape[1] + i[1]) * area
                return x.elements[start..<start + area].reduce(0, +) / Double(area)
            }
        case "Flatten": return Value(shape: [x.shape[0], x.shape[1...].reduce(1, *)], elements: x.elements)
        case "Gemm":
            let w = inputs[1]
            return build([x.shape[0], w.shape[1]]) { i in
                (0..<w.shape[0]).reduce(inputs[2].elements[i[1]]) {
                    $0 + x.elements[i[0] * w.shape[0] + $1] * w.elements[$1 * w.shape[1] + i[1]]
                }
            }
        case "Softmax":
            let classes = x.shape[1]
            return build(x.shape) { i in
                let row = x.elements[i[0] * classes..<(i[0] + 1) * classes].map { exp($0) }
                return row[i[1]] / row.reduce(0, +)
            }
        default: throw MLOpsError(.unsupported, "The operator \(node.op)", help: "")
        }
    }

    private func offset(_ index: [Int], _ shape: [Int]) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }

    private func build(_ shape: [Int], _ element: ([Int]) -> Double) -> Value {
        let count = shape.reduce(1, *)
        return Value(
            shape: shape,
            elements: (0..<count).map { flat in
                var (rest, index) = (flat, shape)
                for axis in shape.indices.reversed() {
                    index[axis] = rest % shape[axis]
                    rest /= shape[axis]
                }
                return element(index)
            })
    }
}
