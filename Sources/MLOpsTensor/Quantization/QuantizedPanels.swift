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
    private let memory: Tensor

    /// The terms of a run, in lanes.
    var runGroups: Int { (run + product.group - 1) / product.group }
    /// The bytes of a panel.
    var panelBytes: Int { kernelRows * middle * runGroups * product.tileColumns * 4 }

    /// Lays weights out.
    ///
    /// - Parameter bytes: those of the weights.
    init(
        _ weights: QuantizedWeights, _ bytes: [UInt8], _ product: IntegerProduct, mergesColumns: Bool,
        _ compute: Compute
    ) {
        let (columns, inputs, outputs) = (weights.shape[1], weights.shape[2], weights.shape[3])
        let (groupOutputs, tile) = (outputs / weights.groups, product.tileColumns)
        let shift = product.shifts(signedX: false, signedW: weights.isSigned).w
        self.product = product
        kernelRows = weights.shape[0]
        middle = mergesColumns ? 1 : columns
        run = mergesColumns ? columns * inputs : inputs
        zeroPoints = weights.zeroPoints.map { Int32($0 + shift) }
        givesInputSums = zeroPoints.contains { $0 != 0 }
        let outputPanels = (groupOutputs + tile - 1) / tile
        let groupPanels = outputPanels + (givesInputSums ? 1 : 0)
        let lanes = (run + product.group - 1) / product.group
        let panelBytes = kernelRows * middle * lanes * tile * 4
        let size = weights.groups * groupPanels * panelBytes
        memory = Tensor(unwritten: [size / 4], isKept: true)
        let pointer = UnsafeMutableRawPointer(memory.pointer)
        (self.pointer, self.groupPanels) = (pointer, groupPanels)
        let writer = PanelWriter(
            shape: weights.shape, strides: weights.strides, isSigned: weights.isSigned, shift: shift, product: product,
            run: run)
        var sums = [Int32](repeating: 0, count: outputs)
        sums.withUnsafeMutableBufferPointer { sums in
            bytes.withUnsafeBufferPointer { bytes in
                guard let source = bytes.baseAddress, let sums = sums.baseAddress else { return }
                let work = (writer, source, pointer, sums, groupOutputs, outputPanels, groupPanels, panelBytes)
                compute.parallel(tasks: weights.groups * outputPanels, with: work) { work, task in
                    let (writer, source, pointer, sums, groupOutputs, outputPanels, groupPanels, panelBytes) = work
                    let (group, panel, tile) = (task / outputPanels, task % outputPanels, writer.product.tileColumns)
                    let first = group * groupOutputs + panel * tile
                    writer.write(
                        source, first..<min(first + tile, (group + 1) * groupOutputs),
                        to: pointer + (group * groupPanels + panel) * panelBytes, sums: sums)
                }
            }
        }
        self.sums = sums
        guard givesInputSums else { return }
        for group in 1...weights.groups { writer.writeOnes(to: pointer + (group * groupPanels - 1) * panelBytes) }
    }
}
