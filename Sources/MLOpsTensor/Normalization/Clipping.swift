/// What cuts off the results of a normalization.
package enum Clipping: Sendable, CaseIterable {
    /// Nothing.
    case none
    /// Zero, from below.
    case relu
    /// Zero from below, and six from above (Sandler et al., "MobileNetV2", CVPR 2018).
    case relu6
}

/// Whether a gradient passes a ``Clipping``, as a type, so that kernels have a loop for each.
protocol ClippingMask {
    /// The gradient where results before the cut are in the range, else zero.
    static func gradient<V: FloatVector>(_ dy: V, at result: V) -> V
}

enum OpenMask: ClippingMask {
    @inline(__always) static func gradient<V: FloatVector>(_ dy: V, at result: V) -> V { dy }
}

enum ReluMask: ClippingMask {
    @inline(__always) static func gradient<V: FloatVector>(_ dy: V, at result: V) -> V {
        dy.kept(wherePositive: result)
    }
}

enum Relu6Mask: ClippingMask {
    @inline(__always) static func gradient<V: FloatVector>(_ dy: V, at result: V) -> V {
        dy.kept(wherePositive: result).kept(wherePositive: V(6) - result)
    }
}
