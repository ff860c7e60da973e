import ArgumentParser
import Foundation
import MLOpsCore

/// Where a model's inputs come from.
struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("input"),
        help: "NAME=FILE: an input as a .npy file, or .pb by onnx.save_tensor; the others are random.")
    var files: [String] = []

    @Option(help: "A folder with input_0.pb or .npy, input_1.pb …, in the order of the model's inputs.")
    var inputs: String?

    @Option(name: .customLong("shape"), help: "NAME=1,3,224,224: the shape of a random input.")
    var shapes: [String] = []

    @Option(help: "What open dimensions of random inputs become.")
    var batch = 1

    @Option(help: "Where random inputs come from: floats are normal, whole numbers lie in 0..<2.")
    var seed: UInt64 = 1

    func validate() throws {
        if batch < 0 { throw ValidationError("--batch takes 0 or more, not \(batch)") }
        if inputs != nil, !files.isEmpty || !shapes.isEmpty {
            throw ValidationError("--inputs gives all inputs: leave out --input and --shape")
        }
    }

    /// Whether something is said about the inputs.
    var isGiven: Bool { inputs != nil || !files.isEmpty || !shapes.isEmpty }

    /// The inputs of a model.
    func values(for signature: ModelSignature) throws -> [String: TensorValue] {
        if let inputs { return try TensorFiles.readSet("input", in: inputs, signature.inputs) }
        let files = try pairs(self.files, signature)
        let shapes = try pairs(self.shapes, signature)
        if let name = files.keys.first(where: { shapes[$0] != nil }) {
            throw MLOpsError(
                .invalidArgument, "'\(name)' has a file and a shape.", help: "Leave out --shape: the file has one.")
        }
        var values: [String: TensorValue] = [:]
        for (index, spec) in signature.inputs.enumerated() {
            if let file = files[spec.name] {
                values[spec.name] = try TensorFiles.read(file)
                continue
            }
            let shape =
                try shapes[spec.name].map { try parse($0, for: spec) } ?? spec.shape.map { $0 == -1 ? batch : $0 }
            values[spec.name] = try random(spec.elementType, shape, stream: UInt64(index))
        }
        return values
    }

    private func pairs(_ texts: [String], _ signature: ModelSignature) throws -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            // A name may itself hold the sign.
            guard
                let name = signature.inputs.map(\.name).filter({ text.hasPrefix($0 + "=") }).max(by: {
                    $0.count < $1.count
                })
            else {
                throw MLOpsError(
                    .invalidArgument, "'\(text)' names no input.",
                    help: "Give NAME=VALUE; the inputs are \(signature.inputs.map(\.name)).")
            }
            let former = pairs.updateValue(String(text.dropFirst(name.count + 1)), forKey: name)
            guard former == nil else {
                throw MLOpsError(.invalidArgument, "'\(name)' is given twice.", help: "Give each input once.")
            }
        }
        return pairs
    }

    private func parse(_ text: String, for spec: ModelSignature.TensorSpec) throws -> [Int] {
        let extents = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let shape = extents.compactMap { $0 }
        guard shape.count == extents.count, shape.allSatisfy({ $0 >= 0 }), shape.count == spec.shape.count else {
            throw MLOpsError(
                .invalidArgument, "'\(text)' is no shape for '\(spec.name)' \(spec.shape).",
                help: spec.shape.isEmpty
                    ? "It has no extents: leave out --shape." : "Give \(spec.shape.count) extents, such as 1,3,224,224."
            )
        }
        return shape
    }

    private func random(_ type: ElementType, _ shape: [Int], stream: UInt64) throws -> TensorValue {
        let count = try TensorValue.elementCount(of: shape)
        guard count <= 1 << 28 else {
            throw MLOpsError(
                .limitExceeded, "A random input \(shape) has \(count) elements.",
                help: "Give a smaller --shape or --batch.")
        }
        var generator = SeededGenerator(seed: seed, stream)
        func bytes<T: BitwiseCopyable>(_ make: () -> T) -> [UInt8] {
            (0..<count).map { _ in make() }.withUnsafeBytes { Array($0) }
        }
        switch type {
        case .float32: return try TensorValue(type, shape: shape, bytes: bytes { Float(generator.normal()) })
        case .float64: return try TensorValue(type, shape: shape, bytes: bytes { generator.normal() })
        case .float16:
            return try TensorValue(type, shape: shape, bytes: bytes { HalfPrecision.bits(generator.normal()) })
        case .bfloat16:
            return try TensorValue(
                type, shape: shape, bytes: bytes { UInt16(Float(generator.normal()).bitPattern >> 16) })
        case .bytes:
            throw MLOpsError(
                .unsupported, "Random texts are not made.",
                help: "Give the input as a file, --input NAME=FILE: numpy.save('city.npy', ['Oslo', 'Rome']).")
        default:
            let width = type.byteCount ?? 1
            let elements = (0..<count).flatMap { _ in
                [UInt8(generator.integer(below: 2))] + [UInt8](repeating: 0, count: width - 1)
            }
            return try TensorValue(type, shape: shape, bytes: elements)
        }
    }
}
