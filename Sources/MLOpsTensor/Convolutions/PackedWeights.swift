internal import Synchronization

/// The weights of a convolution in the layouts that kernels read, made when first needed and kept.
///
/// Predictions make many passes with the same weights; for small batches, laying them out would take longer than the
/// convolution.
///
/// Unchecked Sendable: layouts are looked up and added under the mutex, and nobody writes one once it is in there.
package final class PackedWeights: @unchecked Sendable {
    /// A layout of the weights.
    enum Layout: Hashable {
        /// At Winograd's points, in panels for vectors of a width.
        case winograd(WinogradSize, vectorWidth: Int)
        /// In panels for vectors of a width.
        case panels(vectorWidth: Int)
    }

    private let mutex = Mutex<Void>(())
    private var layouts: [Layout: Tensor] = [:]

    /// Makes a holder of no layout yet; the weights must not change while it is used.
    package init() {}

    /// The weights in a layout of `count` floats, which `fill` writes the first time.
    func weights(
        _ layout: Layout, count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void
    ) -> UnsafePointer<Float> {
        mutex.withLock { _ in
            if let tensor = layouts[layout] { return UnsafePointer(tensor.pointer) }
            let tensor = Tensor(shape: [count])
            fill(tensor.pointer)
            layouts[layout] = tensor
            return UnsafePointer(tensor.pointer)
        }
    }
}

extension Compute {
    /// Lends the weights in a layout: the one that is kept, or one made for this call.
    func withWeights(
        _ packed: PackedWeights?, _ layout: PackedWeights.Layout, count: Int,
        _ fill: (UnsafeMutablePointer<Float>) -> Void, _ body: (UnsafePointer<Float>) -> Void
    ) {
        if let packed { return body(packed.weights(layout, count: count, fill)) }
        scratch.with(.call, count) { weights in
            fill(weights)
            body(UnsafePointer(weights))
        }
    }
}
