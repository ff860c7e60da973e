internal import MLOpsCore

/// Inputs for a model that are drawn from a seed: floats from −2 to 2, bytes of any value, other whole numbers 0 or 1,
/// which are places in most lists.
struct DrawnInputs {
    let seed: UInt64
    let limits: ONNXLimits

    /// Inputs of one row and of two; of the stated shape alone when no extent is open.
    ///
    /// - Parameter required: whether strings, which can't be drawn, throw `unsupported`; otherwise there are no inputs.
    func inputs(for signature: ModelSignature, required: Bool) throws -> [[String: TensorValue]] {
        guard !signature.inputs.contains(where: { $0.elementType == .bytes }) else {
            if !required { return [] }
            throw MLOpsError(
                .unsupported, "No strings can be drawn for the inputs \(signature.inputs.map(\.name)).",
                help: "Give samples.")
        }
        let isOpen = signature.inputs.contains { $0.shape.contains(-1) }
        return try (isOpen ? 1...2 : 1...1).map { batch in
            var generator = SeededGenerator(seed: seed, UInt64(batch))
            var inputs: [String: TensorValue] = [:]
            for spec in signature.inputs {
                let shape = spec.shape.map { $0 == -1 ? batch : $0 }
                let count = try limits.elementCount(of: shape, in: "the input '\(spec.name)'")
                var bytes: [UInt8] = []
                for _ in 0..<count { bytes += Self.element(spec.elementType, &generator) }
                inputs[spec.name] = try TensorValue(spec.elementType, shape: shape, bytes: bytes)
            }
            return inputs
        }
    }

    private static func element(_ type: ElementType, _ generator: inout SeededGenerator) -> [UInt8] {
        func bytes<Number: BitwiseCopyable>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
        let number = generator.uniform(in: -2...2)
        return switch type {
        case .float32: bytes(Float(number))
        case .float64: bytes(number)
        case .float16: bytes(HalfElement<Float16Format>(rounding: number))
        case .bfloat16: bytes(HalfElement<BFloat16Format>(rounding: number))
        case .uint8, .int8: [UInt8(truncatingIfNeeded: generator.next())]
        default: [number < 0 ? 0 : 1] + [UInt8](repeating: 0, count: (type.byteCount ?? 1) - 1)
        }
    }
}
