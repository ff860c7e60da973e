/// Weights of a convolution as a model file states them: `[K, C / groups, R, S]`. A matrix `[K, C]` is one of a single tap.
struct StatedFilters {
    let weights: UnsafePointer<Float>
    /// What the weights of each output channel are multiplied by, `[K]`; `nil` for nothing.
    var scales: UnsafePointer<Float>?
    /// K, C / groups and R · S.
    let outputs: Int, inputs: Int, taps: Int
    var groups = 1
    /// From the weights of one output to those of the next; `nil` when nothing lies between.
    var rowStride: Int?

    /// Input channels that are turned at a time: with their taps and a tile of outputs, they stay in the first level of
    /// the cache.
    static let blockInputs = 16

    /// Writes some outputs and inputs as `[taps][inputs][tile]`, with zeros after the last output.
    ///
    /// - Parameter tapStride: from one tap to the next.
    func turn(
        outputs: Range<Int>, inputs range: Range<Int>, into target: UnsafeMutablePointer<Float>, tapStride: Int,
        tile: Int
    ) {
        let row = rowStride ?? inputs * taps
        let source = weights + outputs.lowerBound * row + range.lowerBound * taps
        let (scales, width) = (scales.map { $0 + outputs.lowerBound }, outputs.count)
        for tap in 0..<taps {
            for input in 0..<range.count {
                let into = target + tap * tapStride + input * tile
                var from = source + input * taps + tap
                if let scales {
                    for output in 0..<width {
                        into[output] = from.pointee * scales[output]
                        from += row
                    }
                } else {
                    for output in 0..<width {
                        into[output] = from.pointee
                        from += row
                    }
                }
                for output in width..<tile { into[output] = 0 }
            }
        }
    }

    /// Writes some outputs and all inputs as `[taps][inputs][tile]`, with zeros after the last output.
    func turn(outputs: Range<Int>, into target: UnsafeMutablePointer<Float>, tile: Int) {
        for first in stride(from: 0, to: inputs, by: StatedFilters.blockInputs) {
            turn(
                outputs: outputs, inputs: first..<min(first + StatedFilters.blockInputs, inputs),
                into: target + first * tile, tapStride: inputs * tile, tile: tile)
        }
    }
}

extension Compute {
    /// Weights in panels of each group, `[groups][columns / tile][terms][tile]`; in one for all outputs where each channel
    /// has a kernel of its own.
    func panels(of filters: StatedFilters, isDepthwise: Bool) -> Tensor {
        let tile = isDepthwise ? filters.outputs : tileColumns
        let columns = isDepthwise ? filters.outputs : filters.outputs / filters.groups
        let panels = (columns + tile - 1) / tile
        let result = Tensor(
            unwritten: [filters.outputs / columns * panels, filters.taps * filters.inputs, tile], isKept: true)
        let work = (filters, result.pointer, columns, panels, tile)
        parallel(tasks: result.shape[0], with: work) { work, task in
            let (filters, result, columns, panels, tile) = work
            let first = task / panels * columns + task % panels * tile
            filters.turn(
                outputs: first..<min(first + tile, (task / panels + 1) * columns),
                into: result + task * filters.taps * filters.inputs * tile, tile: tile)
        }
        return result
    }

    /// Weights at Winograd's points.
    func points(of filters: StatedFilters, _ winograd: WinogradFilters) -> Tensor {
        let result = Tensor(unwritten: [winograd.count], isKept: true)
        let tile = winograd.tile
        let (panels, blocks) = (
            (filters.outputs + tile - 1) / tile,
            (filters.inputs + StatedFilters.blockInputs - 1) / StatedFilters.blockInputs
        )
        parallel(tasks: panels * blocks, with: (self, filters, winograd, result.pointer, blocks)) { work, task in
            let (compute, filters, winograd, result, blocks) = work
            let (tile, block) = (winograd.tile, StatedFilters.blockInputs)
            let (panel, first) = (task / blocks, task % blocks * block)
            let inputs = first..<min(first + block, filters.inputs)
            compute.scratch.with(.task, winograd.blockCount) { memory in
                let source = memory + WinogradConvolution.patch
                filters.turn(
                    outputs: panel * tile..<min((panel + 1) * tile, filters.outputs), inputs: inputs, into: source,
                    tapStride: block * tile, tile: tile)
                winograd.transform(
                    source, tapStride: block, panel: panel, inputs: inputs, into: result, patch: memory,
                    room: source + 9 * block * tile)
            }
        }
        return result
    }

    /// Weights at Winograd's points, from panels as wide as those of the points.
    func points(ofPanels panels: Tensor, _ winograd: WinogradFilters) -> Tensor {
        let result = Tensor(unwritten: [winograd.count], isKept: true)
        let blocks = (winograd.terms + StatedFilters.blockInputs - 1) / StatedFilters.blockInputs
        let work = (self, UnsafePointer(panels.pointer), winograd, result.pointer, blocks)
        parallel(tasks: panels.shape[0] * blocks, with: work) { work, task in
            let (compute, panels, winograd, result, blocks) = work
            let (panel, first) = (task / blocks, task % blocks * StatedFilters.blockInputs)
            let inputs = first..<min(first + StatedFilters.blockInputs, winograd.terms)
            compute.scratch.with(.task, winograd.blockCount) { memory in
                winograd.transform(
                    panels + (panel * 9 * winograd.terms + first) * winograd.tile, tapStride: winograd.terms,
                    panel: panel, inputs: inputs, into: result, patch: memory,
                    room: memory + WinogradConvolution.patch)
            }
        }
        return result
    }
}

extension Compute {
    /// Weights in panels, from those at the points of tiles of 2 × 2: taps are g = (u₀, u₁ - u₂, u₃).
    func panels(ofPoints points: Tensor, _ winograd: WinogradFilters) -> Tensor {
        let (terms, tile, pointStride) = (winograd.terms, winograd.tile, winograd.pointStride)
        let result = Tensor(unwritten: [pointStride / (terms * tile), 9 * terms, tile], isKept: true)
        let work = (UnsafePointer(points.pointer), result.pointer, terms * tile, pointStride)
        parallel(tasks: result.shape[0], with: work) { work, panel in
            let (u, panels, count, pointStride) = work
            let (source, target) = (u + panel * count, panels + 9 * panel * count)
            for i in 0..<count {
                func point(_ row: Int, _ column: Int) -> Float { source[(4 * row + column) * pointStride + i] }
                func row(_ column: Int, _ tap: Int) -> Float {
                    switch tap {
                    case 0: point(0, column)
                    case 1: point(1, column) - point(2, column)
                    default: point(3, column)
                    }
                }
                for tap in 0..<3 {
                    target[3 * tap * count + i] = row(0, tap)
                    target[(3 * tap + 1) * count + i] = row(1, tap) - row(2, tap)
                    target[(3 * tap + 2) * count + i] = row(3, tap)
                }
            }
        }
        return result
    }
}

extension WinogradFilters {
    /// The floats that a block of inputs is turned and transformed in.
    fileprivate var blockCount: Int {
        WinogradConvolution.patch + 9 * StatedFilters.blockInputs * tile + size.points * blockStride
    }
    /// From one point of a block to the next: an odd number of cache lines, for powers of two share cache sets.
    private var blockStride: Int { StatedFilters.blockInputs * tile + 16 }

    /// GgGᵀ of some inputs of a panel, first by themselves: to write the points of few inputs right where they belong
    /// would touch lines that push each other out of the cache.
    ///
    /// - Parameters:
    ///   - source: `[9][tapStride][tile]`, beginning with the first of the inputs.
    fileprivate func transform(
        _ source: UnsafePointer<Float>, tapStride: Int, panel: Int, inputs: Range<Int>,
        into u: UnsafeMutablePointer<Float>, patch: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>
    ) {
        var transform = WinogradTransform(
            operation: .filter, pixels: .plain(source), source: source, target: room, patch: patch)
        transform.size = size
        (transform.channels, transform.filterInputs) = (tile, tapStride)
        (transform.first, transform.count) = (0, inputs.count)
        transform.pointStride = blockStride
        instructionSet.run(transform)
        let target = u + (panel * terms + inputs.lowerBound) * tile
        for point in 0..<size.points {
            (target + point * pointStride).update(from: room + point * blockStride, count: inputs.count * tile)
        }
    }
}
