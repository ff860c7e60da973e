internal import Synchronization

/// Weights of 8-bit integers, packed for the processor when first used, and kept.
package final class QuantizedWeights: Sendable {
    /// `[R, S, C / groups, K]`; a matrix `[C, K]` has R = S = 1.
    package let shape: [Int]
    /// Into how many groups the channels are cut.
    package let groups: Int
    let isSigned: Bool
    /// One for each output channel.
    let zeroPoints: [Int]
    /// From one index of an axis to the next in the bytes as they came.
    let strides: [Int]
    private let state: Mutex<State>

    private struct State {
        /// As they came; `nil` when only panels are needed any more.
        var bytes: [UInt8]?
        var panels: [Layout: QuantizedPanels] = [:]
    }

    private struct Layout: Hashable {
        let product: IntegerProduct
        let mergesColumns: Bool
    }

    /// The most bytes that they take as kernels read them: whole panels of each group, in pairs of 16 bits.
    package var packedByteCount: Int {
        groups * PackedMatrix.paddedColumns(shape[3] / groups) * shape[..<3].reduce(2, *)
    }

    /// Takes in weights whose bytes are as many as the shape asks for; else the program stops with both numbers.
    ///
    /// - Parameters:
    ///   - bytes: Two's complement when signed.
    ///   - shape: `[R, S, C / groups, K]`.
    ///   - strides: From one index of an axis to the next, in bytes that fill all places; row-major when nil.
    ///   - zeroPoints: One, or one for each output channel.
    package init(
        _ bytes: [UInt8], shape: [Int], strides: [Int]? = nil, isSigned: Bool, zeroPoints: [Int], groups: Int = 1
    ) {
        precondition(shape.count == 4 && bytes.count == shape.reduce(1, *), "\(bytes.count) bytes for \(shape)")
        let rowMajor = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1]
        self.strides = strides ?? rowMajor
        precondition(
            bytes.isEmpty || zip(shape, self.strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 } < bytes.count,
            "\(bytes.count) bytes for \(shape) with strides \(self.strides)")
        precondition(
            zeroPoints.count == 1 || zeroPoints.count == shape[3], "\(zeroPoints.count) zero points for \(shape)")
        precondition(groups > 0 && shape[3] % groups == 0, "\(shape[3]) channels can't be cut into \(groups) groups")
        self.shape = shape
        self.isSigned = isSigned
        self.groups = groups
        self.zeroPoints = zeroPoints.count == shape[3] ? zeroPoints : .init(repeating: zeroPoints[0], count: shape[3])
        state = Mutex(State(bytes: bytes))
    }

    /// Packs the weights for convolutions of one dilation, the only ones that they serve from now on.
    package func pack(dilationX: Int, _ compute: Compute) {
        let mergesColumns = DirectConvolution.mergesColumns(dilationX: dilationX, groups: groups)
        _ = panels(IntegerProduct(compute.instructionSet), mergesColumns: mergesColumns, compute)
        state.withLock { $0.bytes = nil }
    }

    /// The elements in row-major order; only before they are packed for one dilation.
    var values: [Int] {
        let bytes = state.withLock { $0.bytes } ?? []
        return (0..<bytes.count).map { index in
            var (rest, place) = (index, 0)
            for axis in shape.indices.reversed() {
                place += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            return isSigned ? Int(Int8(bitPattern: bytes[place])) : Int(bytes[place])
        }
    }

    /// The weights as a kernel reads them.
    func panels(_ product: IntegerProduct, mergesColumns: Bool, _ compute: Compute) -> QuantizedPanels {
        let layout = Layout(product: product, mergesColumns: mergesColumns)
        return state.withLock { state in
            if let panels = state.panels[layout] { return panels }
            guard let bytes = state.bytes else { preconditionFailure("Weights \(shape) lie in another layout alone") }
            let panels = QuantizedPanels(self, bytes, product, mergesColumns: mergesColumns, compute)
            state.panels[layout] = panels
            return panels
        }
    }
}
