internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// (Σ |x|ᵖ)^(1/p).
struct PowerNorm: Sendable {
    private let p: Int

    /// Reads `p`.
    init(_ node: inout NodeReader) throws {
        p = try node.int("p") ?? 2
        guard (1...64).contains(p) else {
            throw MLOpsError(.invalidArgument, "'p' is \(p).", help: "Give a number from 1 to 64.")
        }
    }

    /// What one element adds to the sum.
    func term(_ x: Float) -> Float {
        switch p {
        case 1: abs(x)
        case 2: x * x
        default: pow(abs(x), Float(p))
        }
    }

    /// The norm of a sum.
    func root(_ sum: Float) -> Float {
        switch p {
        case 1: sum
        case 2: sum.squareRoot()
        default: pow(sum, 1 / Float(p))
        }
    }
}
