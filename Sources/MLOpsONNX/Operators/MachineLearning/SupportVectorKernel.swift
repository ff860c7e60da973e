internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How like two rows are, in the sense of a support vector machine.
struct SupportVectorKernel: Sendable {
    private enum Kind: String, CaseIterable { case LINEAR, POLY, RBF, SIGMOID }
    private let kind: Kind
    private let gamma: Float
    private let offset: Float
    private let degree: Float

    /// Reads `kernel_type` and `kernel_params`: γ, the offset, the degree.
    init(_ node: inout NodeReader) throws {
        kind = try node.choice("kernel_type", default: .LINEAR)
        let numbers = try node.floats("kernel_params") ?? [0, 0, 0]
        guard numbers.count == 3 else {
            throw MLOpsError(
                .invalidArgument, "'kernel_params' has \(numbers.count) numbers.",
                help: "Give gamma, the offset and the degree.")
        }
        (gamma, offset, degree) = (numbers[0], numbers[1], numbers[2])
    }

    /// The likeness of two rows of features.
    func apply(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, features: Int) -> Float {
        var sum: Float = 0
        if kind == .RBF {
            for i in 0..<features { sum += (a[i] - b[i]) * (a[i] - b[i]) }
            return exp(-gamma * sum)
        }
        for i in 0..<features { sum += a[i] * b[i] }
        return switch kind {
        case .POLY: pow(gamma * sum + offset, degree)
        case .SIGMOID: tanh(gamma * sum + offset)
        case .LINEAR, .RBF: sum
        }
    }
}
