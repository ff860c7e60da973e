/// Writes weights of 8-bit integers into panels: see ``QuantizedPanels``.
struct PanelWriter {
    /// The lanes that are written for one output channel before the next, so that they stay in the first level of the cache.
    private static let lanesAtATime = 128

    private let isSigned: Bool
    /// What is added to each.
    private let shift: Int
    let product: IntegerProduct
    /// From one output channel of the weights as they come to the next.
    private let step: Int
    /// Where each term is found from an output's first, `[R][runs][lanes][g]`; −1 for the zeros that fill up a run.
    private let offsets: [Int]

    private var lanes: Int { offsets.count / product.group }

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - shape: That of the weights as they come, `[R, S, C / groups, K]`.
    ///   - strides: Of the same axes, in bytes.
    ///   - run: The elements of a run.
    init(shape: [Int], strides: [Int], isSigned: Bool, shift: Int, product: IntegerProduct, run: Int) {
        (self.isSigned, self.shift, self.product, step) = (isSigned, shift, product, strides[3])
        let (columns, inputs, group) = (shape[1], shape[2], product.group)
        let (runs, places) = (run == 0 ? 0 : columns * inputs / run, (run + group - 1) / group * group)
        var offsets: [Int] = []
        offsets.reserveCapacity(shape[0] * runs * places)
        for row in 0..<shape[0] {
            for part in 0..<runs {
                for term in 0..<places {
                    let place = part * run + term
                    offsets.append(
                        term < run ? row * strides[0] + place / inputs * strides[1] + place % inputs * strides[2] : -1)
                }
            }
        }
        self.offsets = offsets
    }

    /// Writes the panel of some output channels, and adds up their elements.
    func write(
        _ source: UnsafePointer<UInt8>, _ outputs: Range<Int>, to panel: UnsafeMutableRawPointer,
        sums: UnsafeMutablePointer<Int32>
    ) {
        let (target, tile) = (panel.assumingMemoryBound(to: UInt32.self), product.tileColumns)
        if outputs.count < tile { target.update(repeating: 0, count: lanes * tile) }
        for first in stride(from: 0, to: lanes, by: PanelWriter.lanesAtATime) {
            let part = first..<min(first + PanelWriter.lanesAtATime, lanes)
            for (column, output) in outputs.enumerated() {
                let (from, into) = (UnsafeRawPointer(source + output * step), target + (first * tile + column))
                sums[output] &+=
                    isSigned
                    ? write(part, of: from.assumingMemoryBound(to: Int8.self), to: into)
                    : write(part, of: from.assumingMemoryBound(to: UInt8.self), to: into)
            }
        }
    }

    /// Writes some lanes of an output channel, the first to `target`; gives the sum of their elements.
    @inline(__always)
    private func write<Element: FixedWidthInteger>(
        _ lanes: Range<Int>, of source: UnsafePointer<Element>, to target: UnsafeMutablePointer<UInt32>
    ) -> Int32 {
        let (tile, shift) = (product.tileColumns, Int32(shift))
        return offsets.withUnsafeBufferPointer { offsets in
            var (target, sum) = (target, Int32(0))
            @inline(__always) func element(_ place: Int) -> Int32 {
                let offset = offsets[place]
                return offset < 0 ? 0 : Int32(truncatingIfNeeded: source[offset]) &+ shift
            }
            if product.group == 2 {
                for lane in lanes {
                    let (a, b) = (element(2 &* lane), element(2 &* lane &+ 1))
                    target.pointee = UInt32(bitPattern: a & 0xFFFF | b &<< 16)
                    sum &+= a &+ b
                    target += tile
                }
            } else {
                for lane in lanes {
                    let (a, b) = (element(4 &* lane), element(4 &* lane &+ 1))
                    let (c, d) = (element(4 &* lane &+ 2), element(4 &* lane &+ 3))
                    target.pointee = UInt32(bitPattern: a & 0xFF | (b & 0xFF) &<< 8 | (c & 0xFF) &<< 16 | d &<< 24)
                    sum &+= a &+ b &+ c &+ d
                    target += tile
                }
            }
            return sum
        }
    }

    /// Writes a panel that gives the sums of the input in its first column.
    func writeOnes(to panel: UnsafeMutableRawPointer) {
        let (target, tile) = (panel.assumingMemoryBound(to: UInt32.self), product.tileColumns)
        let (group, bits) = (product.group, UInt32(8 * product.elementSize))
        target.update(repeating: 0, count: lanes * tile)
        for (place, offset) in offsets.enumerated() where offset >= 0 {
            target[place / group * tile] |= 1 &<< (UInt32(place % group) * bits)
        }
    }
}
