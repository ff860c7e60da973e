import Foundation
import MLOpsCore
import MLOpsONNX
import SwiftProtobuf

/// Changes ONNX files: at times bytes, more often what the message says, so that checks behind the
/// decoder are reached too.
struct ModelMutator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A changed copy of a file.
    mutating func mutate(_ bytes: Data) throws -> Data {
        guard random.uniform() < 0.7, var model = try? ONNXModelProto(serializedBytes: bytes),
            !model.graph.node.isEmpty
        else { return Data(mutateBytes([UInt8](bytes))) }
        for _ in 0...random.integer(below: 2) { mutate(&model) }
        return try model.serializedBytes()
    }

    private mutating func mutateBytes(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...random.integer(below: 6) where !bytes.isEmpty {
            let place = random.integer(below: bytes.count)
            switch random.integer(below: 6) {
            case 0: bytes[place] = UInt8(random.integer(below: 256))
            case 1: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8(random.integer(below: 256)), at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.integer(below: 16)))
            default:
                let end = min(bytes.count, place + 1 + random.integer(below: 16))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: random.integer(below: bytes.count))
            }
        }
        return bytes
    }

    private mutating func mutate(_ model: inout ONNXModelProto) {
        let node = random.integer(below: model.graph.node.count)
        switch random.integer(below: 10) {
        case 0...3:
            if let index = pick(model.graph.node[node].attribute.count) {
                mutate(&model.graph.node[node].attribute[index])
            }
        case 4:
            if let index = pick(model.graph.initializer.count) { mutate(&model.graph.initializer[index]) }
        case 5:
            if let index = pick(model.graph.input.count) { mutate(&model.graph.input[index]) }
        case 6:
            let names = model.graph.node.flatMap { $0.input + $0.output } + model.graph.input.map(\.name) + [""]
            if let index = pick(model.graph.node[node].input.count), let name = pick(names.count) {
                model.graph.node[node].input[index] = names[name]
            }
        case 7:
            if let index = pick(model.graph.node[node].input.count) { model.graph.node[node].input.remove(at: index) }
        case 8:
            model.graph.node[node].output.append("more\(random.integer(below: 1000))")
        default:
            if !model.opsetImport.isEmpty { model.opsetImport[0].version = Int64(6 + random.integer(below: 23)) }
        }
    }

    private mutating func mutate(_ attribute: inout ONNXAttributeProto) {
        switch random.integer(below: 8) {
        case 0: attribute.i = extreme()
        case 1: attribute.f = [.nan, .infinity, -1, 0, 1e38, -1e-38][random.integer(below: 6)]
        case 2: attribute.ints.append(extreme())
        case 3: if let index = pick(attribute.ints.count) { attribute.ints[index] = extreme() }
        case 4: if let index = pick(attribute.ints.count) { attribute.ints.remove(at: index) }
        case 5: attribute.s = Data(["", "SAME_UPPER", "linear", "\u{0}", "NOTSET"][random.integer(below: 5)].utf8)
        case 6: if attribute.hasT { mutate(&attribute.t) } else { attribute.i = extreme() }
        default:
            if !attribute.floats.isEmpty { attribute.floats.removeLast() } else { attribute.ints = [] }
        }
    }

    private mutating func mutate(_ tensor: inout ONNXTensorProto) {
        switch random.integer(below: 4) {
        case 0: if let index = pick(tensor.dims.count) { tensor.dims[index] = extreme() }
        case 1: tensor.dims.append(Int64(random.integer(below: 3)))
        case 2: tensor.dataType = Int32(random.integer(below: 30))
        default:
            var bytes = [UInt8](tensor.rawData)
            for _ in 0..<4 { if let index = pick(bytes.count) { bytes[index] = UInt8(random.integer(below: 256)) } }
            if !bytes.isEmpty { tensor.rawData = Data(bytes) }
        }
    }

    private mutating func mutate(_ input: inout ONNXValueInfoProto) {
        let extents = input.type.tensorType.shape.dim.count
        switch random.integer(below: 4) {
        case 0: input.type.tensorType.elemType = Int32(random.integer(below: 17))
        case 1: if extents > 0 { input.type.tensorType.shape.dim.removeLast() }
        case 2:
            if let index = pick(extents) { input.type.tensorType.shape.dim[index].dimValue = extreme() }
        default:
            if let index = pick(extents) { input.type.tensorType.shape.dim[index].dimParam = "n" }
        }
    }

    /// A whole number that programs trip over.
    private mutating func extreme() -> Int64 {
        let numbers: [Int64] = [
            0, 1, -1, 2, -2, 3, 5, 17, 255, 65_536, 1 << 31, 1 << 40, -(1 << 40), .max, .min, .max - 1, 1 << 62,
        ]
        return numbers[random.integer(below: numbers.count)]
    }

    private mutating func pick(_ count: Int) -> Int? { count > 0 ? random.integer(below: count) : nil }

    /// Inputs of the types and shapes that a model states; open extents are small, and some values are extreme.
    mutating func inputs(for signature: ModelSignature, most elements: Int) throws -> [String: TensorValue] {
        var inputs: [String: TensorValue] = [:]
        for spec in signature.inputs {
            let shape = spec.shape.map { $0 == -1 ? random.integer(below: 4) : $0 }
            let count = try TensorValue.elementCount(of: shape)
            guard count <= elements else { continue }
            if spec.elementType == .bytes {
                let texts = (0..<count).map { _ in [UInt8]("text\(random.integer(below: 3))".utf8) }
                inputs[spec.name] = try TensorValue(
                    .bytes, shape: shape, bytes: TensorValue(byteStrings: texts).bytes)
                continue
            }
            let isWild = random.uniform() < 0.2
            let bytes = (0..<count).flatMap { _ in element(spec.elementType, isWild: isWild) }
            inputs[spec.name] = try TensorValue(spec.elementType, shape: shape, bytes: bytes)
        }
        return inputs
    }

    private mutating func element(_ type: ElementType, isWild: Bool) -> [UInt8] {
        let width = type.byteCount ?? 1
        switch type {
        case .float32:
            let value = isWild ? [Float.nan, .infinity, -3e38, 0][random.integer(below: 4)] : Float(random.normal())
            return withUnsafeBytes(of: value) { Array($0) }
        case .float64: return withUnsafeBytes(of: isWild ? .infinity : random.normal()) { Array($0) }
        case .bool: return [UInt8(random.integer(below: 2))]
        default:
            let value = isWild ? extreme() : Int64(random.integer(below: 5)) - 1
            return withUnsafeBytes(of: value) { Array($0.prefix(width)) }
        }
    }
}
