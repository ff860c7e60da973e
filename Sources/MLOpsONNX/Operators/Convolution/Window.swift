internal import MLOpsCore

/// How a kernel or a pooling window moves over each spatial axis, as the attributes of a node say.
struct Window: Sendable {
    /// One spatial axis, for an input of a known extent.
    struct Axis: Sendable {
        var kernel: Int
        var stride: Int
        var dilation: Int
        var paddingBefore: Int
        var paddingAfter: Int
        var output: Int
    }

    /// Who decides on the padding.
    private enum AutoPad: String { case NOTSET, VALID, SAME_UPPER, SAME_LOWER }

    /// The extents of the window, where the node states them.
    let kernel: [Int]?
    /// Whether the last window may reach over the padded input.
    let roundsUp: Bool
    private let strides: [Int]?
    let dilations: [Int]?
    private let pads: [Int]?
    private let autoPad: AutoPad

    private static let range = 0...(1 << 20)

    /// Whether it lies on each place of the input once, without gaps between its elements.
    var isDense: Bool { ((strides ?? []) + (dilations ?? [])).allSatisfy { $0 == 1 } }

    /// Reads `kernel_shape`, `strides`, `dilations`, `pads` and `auto_pad`, and for pooling `ceil_mode`.
    init(_ node: inout NodeReader, hasDilations: Bool = true, hasCeilMode: Bool = false) throws {
        kernel = try node.ints("kernel_shape")
        strides = try node.ints("strides")
        dilations = hasDilations ? try node.ints("dilations") : nil
        pads = try node.ints("pads")
        roundsUp = hasCeilMode ? try node.flag("ceil_mode", default: false) : false
        let text = try node.string("auto_pad") ?? AutoPad.NOTSET.rawValue
        guard let autoPad = AutoPad(rawValue: text) else {
            throw MLOpsError(
                .invalidArgument, "'auto_pad' is '\(text)'.", help: "Use NOTSET, VALID, SAME_UPPER or SAME_LOWER.")
        }
        self.autoPad = autoPad
        let positive = [kernel, strides, dilations].compactMap { $0 }.joined()
        guard positive.allSatisfy({ $0 >= 1 && Self.range.contains($0) }),
            (pads ?? []).allSatisfy(Self.range.contains)
        else {
            throw MLOpsError(
                .invalidArgument,
                "The window \(kernel ?? []) with strides \(strides ?? []), dilations "
                    + "\(dilations ?? []) and pads \(pads ?? []) can't be.",
                help:
                    "Give extents, strides, dilations ≥ 1 and pads ≥ 0, none above \(Self.range.upperBound)."
            )
        }
    }

    /// The axes for spatial extents, −1 where one is not known; then the output is −1 too.
    func axes(for extents: [Int], kernel: [Int]) throws -> [Axis] {
        let rank = extents.count
        guard rank >= 1, kernel.count == rank, (strides ?? kernel).count == rank, (dilations ?? kernel).count == rank,
            pads == nil || pads?.count == 2 * rank
        else {
            throw MLOpsError(
                .invalidArgument,
                "A window of \(kernel.count) dimensions with strides \(strides ?? []), dilations "
                    + "\(dilations ?? []) and pads \(pads ?? []) does not fit an input of \(rank) spatial dimensions.",
                help: "Give one number for each, and two of padding.")
        }
        return try extents.indices.map { try axis($0, extent: extents[$0], kernel: kernel[$0], rank: rank) }
    }

    private func axis(_ index: Int, extent: Int, kernel: Int, rank: Int) throws -> Axis {
        var axis = Axis(
            kernel: kernel, stride: strides?[index] ?? 1, dilation: dilations?[index] ?? 1, paddingBefore: 0,
            paddingAfter: 0, output: -1)
        if autoPad == .NOTSET, let pads { (axis.paddingBefore, axis.paddingAfter) = (pads[index], pads[index + rank]) }
        if extent == -1 { return axis }
        let reach = (kernel - 1) * axis.dilation + 1
        if autoPad == .SAME_UPPER || autoPad == .SAME_LOWER {
            axis.output = (extent + axis.stride - 1) / axis.stride
            let padding = max((axis.output - 1) * axis.stride + reach - extent, 0)
            let half = autoPad == .SAME_UPPER ? padding / 2 : padding - padding / 2
            (axis.paddingBefore, axis.paddingAfter) = (half, padding - half)
            return axis
        }
        let spare = extent + axis.paddingBefore + axis.paddingAfter - reach
        guard spare >= 0 else {
            throw MLOpsError(
                .invalidArgument,
                "A window that reaches over \(reach) does not fit into an axis of \(extent) with "
                    + "\(axis.paddingBefore) and \(axis.paddingAfter) of padding.",
                help: "Give a larger input, or export the model with more padding.")
        }
        axis.output = spare / axis.stride + 1
        // The last window is left out when it would start in the padding after the input.
        let isShort = spare % axis.stride != 0
        if roundsUp, isShort, axis.output * axis.stride < extent + axis.paddingBefore { axis.output += 1 }
        return axis
    }
}
