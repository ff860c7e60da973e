/// Weights in panels a tile of the product wide, `[groups][columns / tile][runs][run / g][tile][g]`: g terms of a sum lie
/// side by side in a lane. A run is what lies side by side in the input, and is filled up with zeros.
///
/// Unchecked Sendable: the memory is written by the initializer only.
final class QuantizedPanels: @unchecked Sendable {
    let product: IntegerProduct
    /// The runs of a kernel row, and the elements of a run.
    let middle: Int, run: Int
    let kernelRows: Int
    /// The panels of each group; one more where sums of the input are needed, of ones.
    let groupPanels: Int
    /// Whether the last panel of a group gives the sums of the input, which zero points of weights need.
    let givesInputSums: Bool
    /// The sum of each output channel's weights, as they were shifted.
    let sums: [Int32]
    /// The zero point of each output channel, as it was shifted.
    let zeroPoints: [Int32]
    let pointer: UnsafeMutableRawPointer

    /// The terms of a run, in lanes.
    var runGroups: Int { (run + product.group - 1) / product.group }
    /// The bytes of a panel.
    var panelBytes: Int { kernelRows * middle * runGroups * product.tileColumns * 4 }

    init(_ weights: QuantizedWeights, _ product: IntegerProduct, mergesColumns: Bool) {
        let (rows, columns) = (weights.shape[0], weights.shape[1])
        let (inputs, outputs) = (weights.shape[2], weights.shape[3])
        let (groupOutputs, tile) = (outputs / weights.groups, product.tileColumns)
        let shift = product.shifts(signedX: false, signedW: weights.isSigned).w
        self.product = product
        kernelRows = rows
        middle = mergesColumns ? 1 : columns
        run = mergesColumns ? columns * inputs : inputs
        zeroPoints = weights.zeroPoints.map { Int32($0 + shift) }
        givesInputSums = zeroPoints.contains { $0 != 0 }
        groupPanels = (groupOutputs + tile - 1) / tile + (givesInputSums ? 1 : 0)
        let size = weights.groups * groupPanels * rows * middle * ((run + product.group - 1) / product.group) * tile * 4
        pointer = .allocate(byteCount: size + 64, alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: size + 64)
        MemoryTally.current?.add(size + 64)
        sums = (0..<outputs).map { k in
            (0..<rows * columns * inputs).reduce(0) { $0 &+ Int32(weights.value($1 * outputs + k) + shift) }
        }
        for k in 0..<outputs {
            let (group, column) = (k / groupOutputs, k % groupOutputs)
            let panel = group * groupPanels + column / tile
            for tap in 0..<rows * columns {
                for c in 0..<inputs {
                    let value = weights.value((tap * inputs + c) * outputs + k) + shift
                    write(value, panel: panel, column: column % tile, term: tap * inputs + c)
                }
            }
        }
        guard givesInputSums else { return }
        for group in 1...weights.groups {
            for term in 0..<rows * columns * inputs {
                write(1, panel: group * groupPanels - 1, column: 0, term: term)
            }
        }
    }

    deinit { pointer.deallocate() }

    private func write(_ value: Int, panel: Int, column: Int, term: Int) {
        let (g, tile) = (product.group, product.tileColumns)
        let (run, i) = (term / self.run, term % self.run)
        let place = panel * panelBytes + ((run * runGroups + i / g) * tile + column) * 4 + i % g * product.elementSize
        if product.elementSize == 1 {
            pointer.storeBytes(of: Int8(truncatingIfNeeded: value), toByteOffset: place, as: Int8.self)
        } else {
            pointer.storeBytes(of: Int16(truncatingIfNeeded: value), toByteOffset: place, as: Int16.self)
        }
    }
}
