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
        let group = product.group
        let lanes = (run + group - 1) / group
        let bytes = rows * middle * lanes * tile * 4
        let isWide = product.elementSize == 2
        // The first output of each panel, and where the panel lies.
        let panels = (0..<weights.groups).flatMap { [groupPanels] part in
            stride(from: 0, to: groupOutputs, by: tile).map { column in
                (
                    first: part * groupOutputs + column, width: min(tile, groupOutputs - column),
                    place: (part * groupPanels + column / tile) * bytes
                )
            }
        }
        var sums = [Int32](repeating: 0, count: outputs)
        // Neighbors of the weights are read side by side.
        for term in 0..<rows * columns * inputs {
            let i = term % run
            let place = (term / run * lanes + i / group) * tile * 4 + i % group * product.elementSize
            for panel in panels {
                let target = pointer + panel.place + place
                for column in 0..<panel.width {
                    let k = panel.first + column
                    let value = weights.value(term * outputs + k) + shift
                    sums[k] &+= Int32(truncatingIfNeeded: value)
                    if isWide {
                        target.storeBytes(
                            of: Int16(truncatingIfNeeded: value), toByteOffset: column * 4, as: Int16.self)
                    } else {
                        target.storeBytes(of: Int8(truncatingIfNeeded: value), toByteOffset: column * 4, as: Int8.self)
                    }
                }
            }
        }
        self.sums = sums
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
