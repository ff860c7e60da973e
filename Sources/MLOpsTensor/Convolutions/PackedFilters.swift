internal import Synchronization

/// Constant weights of a convolution, kept in nothing but the layouts that its kernels read.
///
/// They are laid out for the images that are known first, and straight from how a model file states them. Images that are
/// better served by another layout get one made of the first; where that can't be, they are served by what there is.
package final class PackedFilters: Sendable {
    /// `[R, S, C / groups, K]`.
    package let shape: [Int]
    let groups: Int
    private let layouts: Mutex<Layouts>

    /// Unchecked Sendable: nobody writes a tensor once it is in here.
    private struct Layouts: @unchecked Sendable {
        /// `[groups][K / groups / tile][R · S · C / groups][tile]`; as `shape` says where each channel has a kernel.
        var panels: Tensor?
        /// At Winograd's points: see ``WinogradFilters``.
        var points: [WinogradSize: Tensor] = [:]
    }

    /// Lays weights out.
    ///
    /// - Parameters:
    ///   - weights: `[K, C / groups, R, S]`.
    ///   - shape: `[K, C / groups, R, S]`.
    ///   - scales: what the weights of each output channel are multiplied by; `nil` for nothing.
    ///   - images: `[N, H, W, C]`, the shape of the images that are known first.
    ///   - sizesVary: whether images of other sizes come as well: then each goes the way of its size, whichever came first.
    package init(
        _ weights: UnsafePointer<Float>, shape: [Int], scales: [Float]?, geometry: ConvolutionGeometry, images: [Int],
        sizesVary: Bool = false, _ compute: Compute
    ) {
        self.shape = [shape[2], shape[3], shape[1], shape[0]]
        groups = geometry.groups
        let size = geometry.outputSize(height: images[1], width: images[2])
        let result = [images[0], size.height, size.width, shape[0]]
        var layouts = Layouts()
        (scales ?? []).withUnsafeBufferPointer {
            let filters = StatedFilters(
                weights: weights, scales: scales == nil ? nil : $0.baseAddress, outputs: shape[0], inputs: shape[1],
                taps: shape[2] * shape[3], groups: geometry.groups)
            let winograd = sizesVary ? nil : WinogradConvolution(geometry, x: images, y: result, compute)
            // Panels serve any batch; so do the points of small tiles, where panels can be made of them.
            if let small = winograd?.best, small.size == .two, small.filters.tile == compute.tileColumns {
                layouts.points[.two] = compute.points(of: filters, small.filters)
            } else if let winograd, winograd.suitsImages {
                layouts.points[.four] = compute.points(of: filters, winograd.filters)
            } else {
                let isDepthwise = DirectConvolution(geometry, x: images, y: result).isDepthwise
                layouts.panels = compute.panels(of: filters, isDepthwise: isDepthwise)
            }
        }
        self.layouts = Mutex(layouts)
    }

    /// Lends the weights to a kernel: at Winograd's points if those are wanted or all there is, else in panels.
    ///
    /// - Parameters:
    ///   - winograd: the way by Winograd; `nil` where it does not apply.
    ///   - size: that of the tiles that take least; `nil` where the direct product does.
    func with(
        _ winograd: WinogradConvolution?, wanting size: WinogradSize?, _ compute: Compute,
        points: (WinogradConvolution, UnsafePointer<Float>) -> Void, panels: (UnsafePointer<Float>) -> Void
    ) {
        let kept = layouts.withLock { kept -> Layouts in
            guard let winograd, winograd.filters.tile == compute.tileColumns else { return kept }
            if size != .two, kept.panels == nil, let small = kept.points[.two] {
                kept.panels = compute.panels(ofPoints: small, winograd.with(.two).filters)
            }
            if let size, kept.points[size] == nil, let panels = kept.panels {
                kept.points[size] = compute.points(ofPanels: panels, winograd.with(size).filters)
            }
            return kept
        }
        let last = kept.panels == nil ? kept.points.keys.first : nil
        if let winograd, let served = size.flatMap({ kept.points[$0] == nil ? nil : $0 }) ?? last,
            let tensor = kept.points[served]
        {
            return withExtendedLifetime(tensor) { points(winograd.with(served), tensor.pointer) }
        }
        guard let tensor = kept.panels else { preconditionFailure("Weights \(shape) lie in no layout that fits") }
        withExtendedLifetime(tensor) { panels(tensor.pointer) }
    }

    /// The weights as a matrix; `nil` where they are more than one, or lie as those of a channel with a kernel of its own.
    func matrix(_ compute: Compute) -> PackedMatrix? {
        guard groups == 1, shape[0] == 1, shape[1] == 1 else { return nil }
        return layouts.withLock { kept in
            guard let panels = kept.panels, panels.shape.last == compute.tileColumns else { return nil }
            return PackedMatrix(panels: panels, terms: shape[2], columns: shape[3])
        }
    }
}
