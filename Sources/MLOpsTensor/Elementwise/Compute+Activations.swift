#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A function of each value by itself that has no kernel of vectors of its own.
public enum Activation: String, Sendable, Hashable, CaseIterable {
    /// The value, kept between 0 and 6 (Sandler et al., "MobileNetV2", CVPR 2018).
    case relu6
    /// x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
    case gelu
    /// x · σ(x), σ the logistic function; also called swish (Elfwing et al., Neural Networks 2018).
    case silu

    /// The function at `x`.
    @inline(__always) func value(_ x: Float) -> Float {
        switch self {
        case .relu6: x < 0 ? 0 : x > 6 ? 6 : x
        case .gelu: 0.5 * x * (1 + erff(x * Float(0.5).squareRoot()))
        case .silu: x / (1 + expf(-x))
        }
    }

    /// The function's derivative at `x`.
    @inline(__always) func slope(_ x: Float) -> Float {
        switch self {
        case .relu6: return x > 0 && x < 6 ? 1 : 0
        case .gelu:
            // 1 / √(2π) = 0.3989…
            return 0.5 * (1 + erff(x * Float(0.5).squareRoot())) + x * 0.398_942_28 * expf(-0.5 * x * x)
        case .silu:
            let share = 1 / (1 + expf(-x))
            return share * (1 + x * (1 - share))
        }
    }
}

extension Compute {
    /// A function of each element. `y` may be `x` itself.
    public func activate(_ x: Tensor, _ activation: Activation, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        let (from, to) = (UnsafePointer(x.pointer), y.pointer)
        inBlocks(x.count) { range in
            switch activation {
            case .relu6: for i in range { to[i] = Activation.relu6.value(from[i]) }
            case .gelu: for i in range { to[i] = Activation.gelu.value(from[i]) }
            case .silu: for i in range { to[i] = Activation.silu.value(from[i]) }
            }
        }
    }

    /// The gradient of ``activate(_:_:into:)``: `dy` times the function's derivative at the input `x`. `dx` may be
    /// `dy` itself.
    public func activateBackward(_ dy: Tensor, _ x: Tensor, _ activation: Activation, into dx: Tensor) {
        require(x, "x", hasCount: dy.count)
        require(dx, "dx", hasCount: dy.count)
        let (gradient, from, to) = (UnsafePointer(dy.pointer), UnsafePointer(x.pointer), dx.pointer)
        inBlocks(dy.count) { range in
            switch activation {
            case .relu6: for i in range { to[i] = gradient[i] * Activation.relu6.slope(from[i]) }
            case .gelu: for i in range { to[i] = gradient[i] * Activation.gelu.slope(from[i]) }
            case .silu: for i in range { to[i] = gradient[i] * Activation.silu.slope(from[i]) }
            }
        }
    }

    private func inBlocks(_ count: Int, _ body: (Range<Int>) -> Void) {
        let block = Compute.elementwiseBlock
        parallel(tasks: (count + block - 1) / block) { task in
            body(task * block..<min(count, (task + 1) * block))
        }
    }
}
