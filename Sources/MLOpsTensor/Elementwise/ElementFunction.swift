/// A function of each element by itself, computed on vectors.
package enum ElementFunction: Sendable, Hashable {
    /// The element, kept between two bounds; an infinite bound does not bind, and NaN stays.
    case clamp(Float, Float)
    /// a · x + b.
    case affine(Float, Float)
    /// x · min(max(a · x + b, 0), 1): HardSwish with a = 1/6 and b = 1/2 (Howard et al., "MobileNetV3", ICCV 2019).
    case hardSwish(Float, Float)
    /// min(max(a · x + b, 0), 1).
    case hardSigmoid(Float, Float)
    /// The element, times a where it is below 0.
    case leaky(Float)
    /// √x.
    case squareRoot
    /// eˣ.
    case exponential
    /// 1 / (1 + e⁻ˣ).
    case logistic
    /// x / (1 + e⁻ᵃˣ); with a = 1 also called SiLU (Elfwing et al., Neural Networks 2018).
    case swish(Float)
    /// tanh x.
    case hyperbolicTangent
    /// erf x.
    case errorFunction
    /// x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
    case gelu
    /// The approximation of GELU by tanh, from the same paper.
    case geluByTangent

    /// The element unchanged.
    package static let identity = ElementFunction.clamp(-.infinity, .infinity)
    /// max(x, 0).
    package static let relu = ElementFunction.clamp(0, .infinity)

    /// The bounds, when the function does nothing but keep elements between them.
    package var bounds: (low: Float, high: Float)? {
        if case .clamp(let low, let high) = self { (low, high) } else { nil }
    }
}

/// An ``ElementFunction`` as a type, so that kernels have a loop for each.
protocol LaneFunction {
    /// The function of each lane, with the numbers that it is told.
    static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V
}

enum AffineFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { b.adding(x, times: a) }
}

enum HardSigmoidFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V {
        b.adding(x, times: a).relu().clipped(at: V(1))
    }
}

enum HardSwishFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V {
        x * HardSigmoidFunction.apply(x, a, b)
    }
}

enum LeakyFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V {
        x.choosing(x * a, below: .zero, else: x)
    }
}

enum SquareRootFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x.squareRoot() }
}

enum ExponentialFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x.exponential() }
}

enum LogisticFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x.logistic() }
}

enum SwishFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x * (x * a).logistic() }
}

enum TangentFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x.hyperbolicTangent() }
}

enum ErrorFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V { x.errorFunction() }
}

enum GeluFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V {
        // √½ = 0.7071…
        let half = x * V(0.5)
        return half.adding(half, times: (x * V(0.707_106_77)).errorFunction())
    }
}

enum GeluByTangentFunction: LaneFunction {
    @inline(__always) static func apply<V: FloatVector>(_ x: V, _ a: V, _ b: V) -> V {
        // √(2 / π) = 0.7978…
        let half = x * V(0.5)
        let inner = x.adding(x * x * x, times: V(0.044_715)) * V(0.797_884_6)
        return half.adding(half, times: inner.hyperbolicTangent())
    }
}
