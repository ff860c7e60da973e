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
    private let bytes: [UInt8]
    private let packed = Mutex<[Layout: QuantizedPanels]>([:])

    private struct Layout: Hashable {
        let product: IntegerProduct
        let mergesColumns: Bool
    }

    /// Takes in weights whose bytes are as many as the shape asks for; else the program stops with both numbers.
    ///
    /// - Parameters:
    ///   - bytes: In row-major order, two's complement when signed.
    ///   - shape: `[R, S, C / groups, K]`.
    ///   - zeroPoints: One, or one for each output channel.
    package init(_ bytes: [UInt8], shape: [Int], isSigned: Bool, zeroPoints: [Int], groups: Int = 1) {
        precondition(shape.count == 4 && bytes.count == shape.reduce(1, *), "\(bytes.count) bytes for \(shape)")
        precondition(
            zeroPoints.count == 1 || zeroPoints.count == shape[3], "\(zeroPoints.count) zero points for \(shape)")
        precondition(groups > 0 && shape[3] % groups == 0, "\(shape[3]) channels can't be cut into \(groups) groups")
        self.bytes = bytes
        self.shape = shape
        self.isSigned = isSigned
        self.groups = groups
        self.zeroPoints = zeroPoints.count == shape[3] ? zeroPoints : .init(repeating: zeroPoints[0], count: shape[3])
    }

    /// The element at an index in row-major order.
    func value(_ index: Int) -> Int { isSigned ? Int(Int8(bitPattern: bytes[index])) : Int(bytes[index]) }

    /// The weights as a kernel reads them.
    func panels(_ product: IntegerProduct, mergesColumns: Bool) -> QuantizedPanels {
        let layout = Layout(product: product, mergesColumns: mergesColumns)
        return packed.withLock { kept in
            if let panels = kept[layout] { return panels }
            let panels = QuantizedPanels(self, product, mergesColumns: mergesColumns)
            kept[layout] = panels
            return panels
        }
    }
}
