extension Compute {
    /// Convolves images of 8-bit integers; sums are exact, in 32 bits that wrap around.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`.
    ///   - zeroPoint: That of x; padding is made of it.
    ///   - weights: `[R, S, C / groups, K]`.
    ///   - geometry: Kernel size, strides, padding, dilation; its groups are those of the weights.
    ///   - result: `[N, P, Q, K]`, where P and Q are ``ConvolutionGeometry/outputSize(height:width:)``.
    package func convolution(
        _ x: QuantizedTensor, zeroPoint: Int, weights: QuantizedWeights, geometry: ConvolutionGeometry,
        into result: QuantizedResult
    ) {
        precondition(x.shape.count == 4, "x has shape \(x.shape), expected 4 axes")
        precondition(
            geometry.rows == weights.shape[0] && geometry.columns == weights.shape[1]
                && geometry.groups == weights.groups && x.channels == weights.shape[2] * weights.groups,
            "weights \(weights.shape) in \(weights.groups) groups do not fit \(x.shape) and \(geometry)")
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        let shape = [x.shape[0], size.height, size.width, weights.shape[3]]
        let count = shape.reduce(1, *)
        switch result {
        case .integers: break
        case .floats(let y, _, _): require(y, "y", hasCount: count)
        case .bytes(let y, _): precondition(y.count == count, "y has \(y.count) elements, expected \(count)")
        }
        guard count > 0 else { return }
        let direct = DirectConvolution(geometry, x: x.shape, y: shape)
        convolve(QuantizedConvolution(x, zeroPoint: zeroPoint, weights, direct, self), result)
    }

    /// Multiplies a matrix of 8-bit integers with weights; sums are exact, in 32 bits that wrap around.
    ///
    /// - Parameters:
    ///   - a: `[…, C]`.
    ///   - zeroPoint: That of a.
    ///   - weights: `[1, 1, C, K]`.
    ///   - result: `[…, K]`.
    package func matrixProduct(
        _ a: QuantizedTensor, zeroPoint: Int, weights: QuantizedWeights, into result: QuantizedResult
    ) {
        let rows = a.channels == 0 ? 0 : a.count / a.channels
        convolution(
            QuantizedTensor(a, shape: [1, rows, 1, a.channels]), zeroPoint: zeroPoint, weights: weights,
            geometry: ConvolutionGeometry(kernel: 1), into: result)
    }

    private func convolve(_ convolution: QuantizedConvolution, _ result: QuantizedResult) {
        let (bands, parts) = (convolution.bands, convolution.parts)
        let bandFloats = convolution.readsImage ? 0 : convolution.bandBytes / 4
        let sumFloats = (convolution.bandPixels + 8) * convolution.product.tileColumns
        let columns = convolution.direct.outputs + 16
        scratch.with(.call, 4 * columns) { columnMemory in
            let epilogue = ColumnValues(convolution, result, columns, columnMemory)
            // With few bands, each is copied once, for all the tasks that share its output channels.
            scratch.with(.call, parts > 1 ? bands * bandFloats : 0) { shared in
                if parts > 1 && bandFloats > 0 {
                    parallel(tasks: bands) { convolution.copy($0, to: shared + $0 * bandFloats) }
                }
                parallel(tasks: bands * parts) { task in
                    let (band, part) = (task / parts, task % parts)
                    scratch.with(.task, 2 * sumFloats + (parts > 1 ? 0 : bandFloats) + 16) { memory in
                        let own = memory + 2 * sumFloats + 16
                        if parts == 1 && bandFloats > 0 { convolution.copy(band, to: own) }
                        multiply(
                            convolution, band, UnsafeRawPointer(parts > 1 ? shared + band * bandFloats : own), part,
                            epilogue, result, sums: memory, inputSums: memory + sumFloats, edge: memory + 2 * sumFloats)
                    }
                }
            }
        }
    }

    /// A part of the output channels of a band.
    private func multiply(
        _ convolution: QuantizedConvolution, _ band: Int, _ memory: UnsafeRawPointer, _ part: Int,
        _ values: ColumnValues, _ result: QuantizedResult, sums: UnsafeMutablePointer<Float>,
        inputSums: UnsafeMutablePointer<Float>, edge: UnsafeMutablePointer<Float>
    ) {
        let (direct, panels, product) = (convolution.direct, convolution.panels, convolution.product)
        let (outputs, tile) = (convolution.panelsOfOutputs, product.tileColumns)
        var block = convolution.block(band, memory, sums: sums)
        let pixel = direct.groupInputs * panels.product.elementSize
        let first = block.a
        for group in 0..<direct.groups {
            block.a = first + group * pixel
            if panels.givesInputSums {
                block.b = UnsafeRawPointer(panels.pointer + ((group + 1) * panels.groupPanels - 1) * panels.panelBytes)
                block.c = UnsafeMutableRawPointer(inputSums)
                product.run(block)
                block.c = UnsafeMutableRawPointer(sums)
            }
            for panel in part * outputs / convolution.parts..<(part + 1) * outputs / convolution.parts {
                block.b = UnsafeRawPointer(panels.pointer + (group * panels.groupPanels + panel) * panels.panelBytes)
                product.run(block)
                let column = group * direct.groupOutputs + panel * tile
                var kernel = values.kernel(
                    result, sums: sums, column: column,
                    place: convolution.firstPixel(band) * direct.outputs + column, edge: edge)
                kernel.inputSums = panels.givesInputSums ? UnsafeRawPointer(inputSums) : nil
                (kernel.rows, kernel.columns) = (block.rows, min(tile, direct.groupOutputs - panel * tile))
                kernel.targetRow = direct.outputs
                product.run(kernel)
            }
        }
    }
}
