/// What is done to the sums of each output channel, as kernels read it.
struct ColumnValues {
    private let bias: UnsafePointer<Int32>, weightZeros: UnsafePointer<Int32>
    private let scale: UnsafePointer<Float>, offset: UnsafePointer<Float>

    /// Writes the values to `memory`, which holds 4 × `stride` floats.
    ///
    /// Zero points are taken out of the sums here: Σ(x − p)(w − q) = Σxw − pΣw − qΣx + npq, for n terms.
    init(
        _ convolution: QuantizedConvolution, _ result: QuantizedResult, _ stride: Int,
        _ memory: UnsafeMutablePointer<Float>
    ) {
        let integers = UnsafeMutableRawPointer(memory).bindMemory(to: Int32.self, capacity: 2 * stride)
        let panels = convolution.panels
        let terms = Int32(truncatingIfNeeded: convolution.direct.terms)
        let bias: [Int32]?
        let (scales, offsets): ([Float], [Float]?)
        switch result {
        case .integers: (bias, scales, offsets) = (nil, [1], nil)
        case .floats(_, let factors, let summands): (bias, scales, offsets) = (nil, factors, summands)
        case .bytes(_, let requantization):
            (bias, scales, offsets) = (requantization.bias, requantization.multipliers, nil)
        }
        let outputs = convolution.direct.outputs
        precondition(scales.count == 1 || scales.count == outputs, "\(scales.count) scales for \(outputs) channels")
        for k in 0..<outputs {
            let p = convolution.zeroPoint
            integers[k] = (bias?[k] ?? 0) &- p &* panels.sums[k] &+ terms &* p &* panels.zeroPoints[k]
            integers[stride + k] = panels.zeroPoints[k]
            memory[2 * stride + k] = scales.count == 1 ? scales[0] : scales[k]
            memory[3 * stride + k] = offsets?[k] ?? 0
        }
        self.bias = UnsafePointer(integers)
        weightZeros = UnsafePointer(integers + stride)
        scale = UnsafePointer(memory + 2 * stride)
        offset = UnsafePointer(memory + 3 * stride)
    }

    /// The kernel for the columns from `column` on, which writes from an element of the result on.
    func kernel(
        _ result: QuantizedResult, sums: UnsafeMutablePointer<Float>, column: Int, place: Int,
        edge: UnsafeMutablePointer<Float>
    ) -> RequantizingKernel {
        let target: RequantizingKernel.Target
        switch result {
        case .integers(let y): target = .integers(y + place)
        case .floats(let y, _, _): target = .floats(y.pointer + place)
        case .bytes(let y, _): target = .bytes(y.pointer + place)
        }
        var kernel = RequantizingKernel(
            sums: UnsafeRawPointer(sums), target: target, bias: bias + column, scale: scale + column,
            offset: offset + column, weightZeros: weightZeros + column, edge: UnsafeMutableRawPointer(edge))
        if case .bytes(let y, let requantization) = result {
            let zeroPoint = requantization.zeroPoint
            kernel.zeroPoint = Int32(zeroPoint)
            kernel.lowest = Float(requantization.relu ? max(0, y.lowest - zeroPoint) : y.lowest - zeroPoint)
            kernel.highest = Float(y.highest - zeroPoint)
        }
        return kernel
    }
}
