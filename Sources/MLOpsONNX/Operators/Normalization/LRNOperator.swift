internal import MLOpsCore
internal import MLOpsTensor

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// `LRN`: each element divided by (bias + α / size · Σ x²)^β, with the sum over the channels next to its own.
struct LRNOperator: Operator {
    static let name = "LRN"
    static let inputCount = 1...1
    private let alpha: Float
    private let beta: Float
    private let bias: Float
    private let size: Int

    init(_ node: inout NodeReader) throws {
        alpha = try node.float("alpha") ?? 1e-4
        beta = try node.float("beta") ?? 0.75
        bias = try node.float("bias") ?? 1
        size = try node.int("size") ?? 0
        guard (1...(1 << 20)).contains(size) else {
            throw MLOpsError(.invalidArgument, "'size' is \(size).", help: "Give a number of channels.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        guard x.shape.count >= 2 else {
            throw MLOpsError(.invalidArgument, "An input \(x.shape) has no channels.", help: "Give [N, C, …].")
        }
        let result = try context.tensor(x.shape)
        let (channels, plane) = (x.shape[1], x.shape[2...].reduce(1, *))
        for image in 0..<x.shape[0] {
            for channel in 0..<channels {
                let first = max(0, channel - (size - 1) / 2)
                let last = min(channels - 1, channel + size / 2)
                for i in 0..<plane {
                    var sum: Float = 0
                    for other in first...last {
                        let element = x.pointer[(image * channels + other) * plane + i]
                        sum += element * element
                    }
                    let place = (image * channels + channel) * plane + i
                    result.pointer[place] = x.pointer[place] / pow(bias + alpha / Float(size) * sum, beta)
                }
            }
        }
        return [Value(floats: result)]
    }
}
