extension Compute {
    private static let edge = 8 * 32

    /// The convolution, with weights as ``packWeights(_:_:into:)`` lays them out.
    func convolve(
        _ direct: DirectConvolution, _ x: PixelSource, panels: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, finish: ConvolutionFinish? = nil, into y: UnsafeMutablePointer<Float>,
        moments: PartialMoments? = nil
    ) {
        let finish = finish?(bias)
        let panelCount = (direct.groupOutputs + tileColumns - 1) / tileColumns
        // Moments are taken of all channels of a band.
        let parts = moments == nil ? direct.parts(panels: panelCount) : 1
        let (bands, bandCount) = (direct.images * direct.bands, direct.bandCount)
        // With few bands, each is copied once, for all the tasks that share its output channels.
        scratch.with(.call, parts > 1 ? bands * bandCount : 0) { shared in
            if parts > 1, direct.pixels(of: x, task: 0) == nil {
                parallel(tasks: bands, with: (direct, x, shared, bandCount, instructionSet)) { work, band in
                    let (direct, x, shared, bandCount, set) = work
                    direct.copyBand(band, x, to: shared + band * bandCount, set)
                }
            }
            let job = DirectJob(
                direct: direct, x: x, panels: panels, panelCount: panelCount, parts: parts, finish: finish, y: y,
                moments: moments, shared: shared)
            parallel(tasks: bands * parts, with: (self, job)) { work, task in work.0.convolve(work.1, task) }
        }
    }

    /// What the tasks of a convolution share.
    private struct DirectJob {
        let direct: DirectConvolution
        let x: PixelSource
        let panels: UnsafePointer<Float>
        /// The panels of a group, and the parts that they are cut into.
        let panelCount: Int, parts: Int
        let finish: FinishKernel?
        let y: UnsafeMutablePointer<Float>
        let moments: PartialMoments?
        /// The bands, where parts share them.
        let shared: UnsafeMutablePointer<Float>

        /// Whether products read patches: parts would each gather those of the whole band.
        var gathersPatches: Bool { parts == 1 && direct.gathersPatches }
        /// What whole tiles do before they are written; what walks over an image is finished for all groups at once.
        var finishInProducts: BiasAndBounds? { gathersPatches ? finish?.biasAndBounds : nil }

        func panels(ofPart part: Int) -> Range<Int> { part * panelCount / parts..<(part + 1) * panelCount / parts }
    }

    /// One part of the output channels of one band.
    private func convolve(_ job: DirectJob, _ task: Int) {
        if job.direct.isDepthwise { return convolveDepthwise(job, task) }
        let (direct, parts) = (job.direct, job.parts)
        let (band, part, bandCount) = (task / parts, task % parts, direct.bandCount)
        let rows = direct.outputRows(ofTask: band)
        let output = job.y + rows.lowerBound * direct.outputs
        let patchesCount = job.gathersPatches ? direct.patchesCount : 0
        scratch.with(.task, (parts > 1 ? 0 : bandCount) + Compute.edge + patchesCount) { edge in
            let patches = edge + Compute.edge
            let own = patches + patchesCount
            var pixels = UnsafePointer(parts > 1 ? job.shared + band * bandCount : own)
            var rowStride = direct.width * direct.inputs
            if let image = direct.pixels(of: job.x, task: band) {
                pixels = image
            } else {
                rowStride = direct.band(outputRows: 1).rowStride
                if parts == 1 { direct.copyBand(band, job.x, to: own, instructionSet) }
            }
            if job.gathersPatches {
                direct.gatherPatches(rows: rows.count, of: pixels, rowStride: rowStride, into: patches)
                pixels = UnsafePointer(patches)
            }
            multiplyBand(
                job, pixels, rowStride: rowStride, rows: rows.count, job.panels(ofPart: part), into: output,
                edge: edge)
        }
        if let finish = job.finish, job.finishInProducts == nil {
            let panels = job.panels(ofPart: part)
            let end = part == parts - 1 ? direct.outputs : panels.upperBound * tileColumns
            run(finish, rows, columns: panels.lowerBound * tileColumns..<end)
        }
        job.moments?.take(band, of: job.y, rows: rows, instructionSet)
    }

    /// Some panels of each group's output channels, for `rows` pixels: of a band, or of its patches.
    private func multiplyBand(
        _ job: DirectJob, _ band: UnsafePointer<Float>, rowStride: Int, rows: Int, _ range: Range<Int>,
        into output: UnsafeMutablePointer<Float>, edge: UnsafeMutablePointer<Float>
    ) {
        let (direct, panels, tile) = (job.direct, job.panels, tileColumns)
        let groupPanels = (direct.groupOutputs + tile - 1) / tile
        var block = ProductBlock(a: band, b: panels, c: output, edge: edge)
        (block.rows, block.cRow) = (rows, direct.outputs)
        block.columns = min(direct.groupOutputs, range.upperBound * tile) - range.lowerBound * tile
        block.bPanel = direct.terms * tile
        block.walk.bInner = tile
        if job.gathersPatches {
            (block.walk.aRow, block.walk.inner) = (direct.terms, direct.terms)
        } else {
            block.walk.aRow = direct.strideX * direct.inputs
            (block.walk.line, block.walk.aLine) = (direct.columns, direct.strideY * rowStride)
            block.walk.outer = direct.kernelRows
            block.walk.middle = direct.mergesColumns ? 1 : direct.kernelColumns
            block.walk.inner = direct.mergesColumns ? direct.kernelColumns * direct.inputs : direct.groupInputs
            block.walk.aOuter = direct.dilationY * rowStride
            block.walk.aMiddle = direct.dilationX * direct.inputs
            block.walk.bMiddle = block.walk.inner * tile
            block.walk.bOuter = block.walk.middle * block.walk.bMiddle
        }
        for group in 0..<direct.groups {
            block.a = band + group * direct.groupInputs
            block.b = panels + (group * groupPanels + range.lowerBound) * block.bPanel
            block.c = output + group * direct.groupOutputs + range.lowerBound * tile
            block.finish = job.finishInProducts
            block.finish?.bias += range.lowerBound * tile
            instructionSet.run(block)
        }
    }

    /// One band where each channel has a kernel of its own: on the image itself, unless something is to be done to it.
    private func convolveDepthwise(_ job: DirectJob, _ band: Int) {
        let direct = job.direct
        let rows = direct.outputRows(ofTask: band)
        if let image = direct.image(of: job.x, task: band) {
            convolveRows(job, rows, of: image)
        } else {
            scratch.with(.task, direct.bandCount) { memory in
                direct.copyBand(band, job.x, to: memory, instructionSet)
                convolveRows(job, rows, of: direct.image(inBand: memory, outputRows: rows.count / direct.columns))
            }
        }
        if let finish = job.finish, !finish.isBiasAndBounds { run(finish, rows, columns: 0..<direct.outputs) }
        job.moments?.take(band, of: job.y, rows: rows, instructionSet)
    }

    private func convolveRows(_ job: DirectJob, _ rows: Range<Int>, of image: DepthwiseImage) {
        let direct = job.direct
        var kernel = depthwiseKernel(
            direct, image.pixels, rowStride: image.width * direct.inputs, operand: job.panels,
            output: job.y + rows.lowerBound * direct.outputs)
        kernel.setColumns(of: image, direct)
        if let finish = job.finish, finish.isBiasAndBounds {
            (kernel.bias, kernel.low, kernel.high) = (finish.bias, finish.first, finish.second)
        }
        for row in 0..<rows.count / direct.columns {
            kernel.setRows(of: image, direct, outputRow: row)
            instructionSet.run(kernel)
            kernel.output += direct.columns * direct.outputs
        }
    }

    private func depthwiseKernel(
        _ direct: DirectConvolution, _ band: UnsafePointer<Float>, rowStride: Int, operand: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) -> DepthwiseKernel {
        var kernel = DepthwiseKernel(band: band, operand: operand, output: output)
        (kernel.channels, kernel.columns) = (direct.inputs, direct.columns)
        (kernel.kernelRows, kernel.kernelColumns) = (direct.kernelRows, direct.kernelColumns)
        kernel.rowStep = direct.dilationY * rowStride
        kernel.columnStep = direct.dilationX * direct.inputs
        kernel.outputStep = direct.strideX * direct.inputs
        return kernel
    }

    /// Lays `[R, S, C / groups, K]` out in panels of each group, `[groups][columns / tile][terms][tile]`; leaves it as
    /// it is where each channel has a kernel of its own.
    func packWeights(
        _ direct: DirectConvolution, _ weights: UnsafePointer<Float>, into panels: UnsafeMutablePointer<Float>
    ) {
        if direct.isDepthwise { return panels.update(from: weights, count: direct.terms * direct.outputs) }
        let groupPanels = (direct.groupOutputs + tileColumns - 1) / tileColumns
        for group in 0..<direct.groups {
            pack(
                MatrixView(pointer: weights + group * direct.groupOutputs, stride: direct.outputs),
                columns: direct.groupOutputs, from: 0, terms: direct.terms,
                into: panels + group * groupPanels * direct.terms * tileColumns)
        }
    }

    /// The floats that ``packWeights(_:_:into:)`` writes.
    func panelCount(_ direct: DirectConvolution) -> Int {
        let groupPanels = (direct.groupOutputs + tileColumns - 1) / tileColumns
        return direct.groups * groupPanels * direct.terms * tileColumns
    }

    /// Exchanges the channels of each group, `[R, S, C / groups, K]` to `[R, S, K / groups, C]`; and, if asked to,
    /// turns kernels by 180°.
    func exchangeChannels(
        _ weights: Tensor, groups: Int, turning: Bool, into exchanged: UnsafeMutablePointer<Float>
    ) {
        let taps = weights.shape[0] * weights.shape[1]
        let (groupInputs, outputs) = (weights.shape[2], weights.shape[3])
        let groupOutputs = outputs / groups
        let source = UnsafePointer(weights.pointer)
        let work = (source, exchanged, taps, groups, groupInputs, groupOutputs, turning)
        parallel(tasks: taps, with: work) { work, tap in
            let (source, exchanged, taps, groups, groupInputs, groupOutputs, turning) = work
            let (inputs, outputs) = (groupInputs * groups, groupOutputs * groups)
            let from = source + (turning ? taps - 1 - tap : tap) * groupInputs * outputs
            let into = exchanged + tap * groupOutputs * inputs
            for group in 0..<groups {
                for k in 0..<groupOutputs {
                    let row = into + k * inputs + group * groupInputs
                    let column = from + group * groupOutputs + k
                    for c in 0..<groupInputs { row[c] = column[c * outputs] }
                }
            }
        }
    }

    /// The gradient for the weights, as partial sums over bands that are then added in a fixed order.
    func convolveBackwardWeights(
        _ direct: DirectConvolution, _ x: PixelSource, _ dy: PixelSource, into dw: UnsafeMutablePointer<Float>
    ) {
        let count = direct.terms * direct.outputs
        let units = direct.images * direct.bands
        guard units > 0 else { return dw.update(repeating: 0, count: count) }
        let sums = min(units, max(4, min(32, (2 << 20) / max(count, 1))))
        scratch.with(.partialSums, count * sums) { partial in
            parallel(tasks: sums, with: (self, direct, x, dy, partial, sums)) { work, task in
                let (compute, direct, x, dy, partial, sums) = work
                let (count, units) = (direct.terms * direct.outputs, direct.images * direct.bands)
                let target = partial + task * count
                target.update(repeating: 0, count: count)
                compute.scratch.with(.task, direct.bandCount + Compute.edge + direct.bandOutputCount) { memory in
                    for unit in task * units / sums..<(task + 1) * units / sums {
                        compute.addGradient(direct, x, dy, unit: unit, band: memory, into: target)
                    }
                }
            }
            parallel(tasks: (count + 4095) / 4096, with: (partial, count, sums, dw)) { work, task in
                let (partial, count, sums, dw) = work
                for i in task * 4096..<min(count, (task + 1) * 4096) { dw[i] = partial[i] }
                for sum in 1..<max(sums, 1) {
                    let source = partial + sum * count
                    for i in task * 4096..<min(count, (task + 1) * 4096) { dw[i] += source[i] }
                }
            }
        }
    }

    private func addGradient(
        _ direct: DirectConvolution, _ x: PixelSource, _ dy: PixelSource, unit: Int,
        band memory: UnsafeMutablePointer<Float>, into dw: UnsafeMutablePointer<Float>
    ) {
        let image = unit / direct.bands
        let row = unit % direct.bands * direct.bandRows
        let rows = min(direct.bandRows, direct.rows - row)
        let band = direct.band(outputRows: rows)
        band.copy(
            x, offset: image * direct.height * direct.width * direct.inputs, from: row * direct.strideY, to: memory,
            instructionSet)
        let gradient = bandGradient(
            dy, offset: (image * direct.rows + row) * direct.columns * direct.outputs, rows: rows * direct.columns,
            channels: direct.outputs, room: memory + direct.bandCount + Compute.edge)
        if direct.isDepthwise {
            var kernel = depthwiseKernel(direct, memory, rowStride: band.rowStride, operand: gradient, output: dw)
            kernel.operation = .weightGradient
            for row in 0..<rows {
                kernel.band = UnsafePointer(memory) + row * direct.strideY * band.rowStride
                kernel.operand = gradient + row * direct.columns * direct.outputs
                instructionSet.run(kernel)
            }
            return
        }
        var block = ProductBlock(a: UnsafePointer(memory), b: gradient, c: dw, edge: memory + direct.bandCount)
        block.columns = direct.groupOutputs
        block.cRow = direct.outputs
        block.bPanel = tileColumns
        block.accumulating = true
        block.walk.outer = rows
        block.walk.inner = direct.columns
        (block.walk.aRow, block.walk.aInner) = (1, direct.strideX * direct.inputs)
        block.walk.aOuter = direct.strideY * band.rowStride
        (block.walk.bInner, block.walk.bOuter) = (direct.outputs, direct.columns * direct.outputs)
        let steps = direct.mergesColumns ? 1 : direct.kernelColumns
        block.rows = direct.mergesColumns ? direct.kernelColumns * direct.inputs : direct.groupInputs
        for group in 0..<direct.groups {
            block.b = gradient + group * direct.groupOutputs
            for r in 0..<direct.kernelRows {
                for s in 0..<steps {
                    block.a =
                        UnsafePointer(memory) + r * direct.dilationY * band.rowStride
                        + s * direct.dilationX * direct.inputs + group * direct.groupInputs
                    let tap = (r * direct.kernelColumns + s) * direct.groupInputs
                    block.c = dw + tap * direct.outputs + group * direct.groupOutputs
                    instructionSet.run(block)
                }
            }
        }
    }

    /// The gradient for some rows of the output: where it lies, or computed in `room`.
    private func bandGradient(
        _ dy: PixelSource, offset: Int, rows: Int, channels: Int, room: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        switch dy {
        case .plain(let gradient): return gradient + offset
        case .activated: preconditionFailure("Gradients have no activation")
        case .gradient(var pixels):
            pixels.dy += offset
            pixels.z += offset
            var kernel = NormalizedGradientKernel(operation: .values(room), pixels: pixels, clipping: .relu)
            (kernel.rows, kernel.channels) = (rows, channels)
            instructionSet.run(kernel)
            return UnsafePointer(room)
        }
    }
}
