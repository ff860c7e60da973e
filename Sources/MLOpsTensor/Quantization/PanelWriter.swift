/// Writes weights of 8-bit integers into panels: see ``QuantizedPanels``.
struct PanelWriter {
    /// The lanes that are written for one output channel before the next, so that they stay in the first level of the cache.
    private static let lanesAtATime = 128

    private let isSigned: Bool
    /// What is added to each.
    private let shift: Int
    let product: IntegerProduct
    /// The input channels of a group, and from one index of the weights' axes to the next.
    private let inputs: Int, strides: [Int]
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
        (self.isSigned, self.shift, self.product) = (isSigned, shift, product)
        (inputs, self.strides) = (shape[2], strides)
        let (columns, group) = (shape[1], product.group)
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
        let target = panel.assumingMemoryBound(to: UInt32.self)
        if outputs.count < product.tileColumns { target.update(repeating: 0, count: lanes * product.tileColumns) }
        let raw = UnsafeRawPointer(source)
        if isSigned {
            write(raw.assumingMemoryBound(to: Int8.self), outputs, to: target, sums: sums)
        } else {
            write(raw.assumingMemoryBound(to: UInt8.self), outputs, to: target, sums: sums)
        }
    }

    @inline(__always)
    private func write<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Element>, _ outputs: Range<Int>, to panel: UnsafeMutablePointer<UInt32>,
        sums: UnsafeMutablePointer<Int32>
    ) {
        // What joins lanes of one kernel place goes on from a lane to the next by one step.
        let isEven = inputs % product.group == 0
        let length = isEven ? inputs / product.group : lanes
        let places = length == 0 ? 0 : lanes / length
        for place in 0..<places {
            for first in stride(from: 0, to: length, by: PanelWriter.lanesAtATime) {
                let (lane, count) = (place * length + first, min(PanelWriter.lanesAtATime, length - first))
                for (column, output) in outputs.enumerated() {
                    let from = source + output * strides[3]
                    let target = panel + (lane * product.tileColumns + column)
                    sums[output] &+=
                        isEven
                        ? join(from + offsets[lane * product.group], count: count, into: target)
                        : gather(from, lane..<lane + count, into: target)
                }
            }
        }
    }

    /// Writes the lanes of one kernel place, whose terms lie a step apart; gives the sum of their elements.
    @inline(__always)
    private func join<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Element>, count: Int, into target: UnsafeMutablePointer<UInt32>
    ) -> Int32 {
        let (step, tile, shift) = (strides[2], product.tileColumns, Int32(shift))
        var (from, target, sum) = (source, target, Int32(0))
        @inline(__always) func element(_ term: Int) -> Int32 {
            Int32(truncatingIfNeeded: from[term &* step]) &+ shift
        }
        if product.group == 2 {
            for _ in 0..<count {
                let (a, b) = (element(0), element(1))
                target.pointee = UInt32(bitPattern: a & 0xFFFF | b &<< 16)
                sum &+= a &+ b
                from += 2 &* step
                target += tile
            }
        } else {
            for _ in 0..<count {
                let (a, b, c, d) = (element(0), element(1), element(2), element(3))
                target.pointee = UInt32(bitPattern: a & 0xFF | (b & 0xFF) &<< 8 | (c & 0xFF) &<< 16 | d &<< 24)
                sum &+= a &+ b &+ c &+ d
                from += 4 &* step
                target += tile
            }
        }
        return sum
    }

    /// Writes lanes whose terms may lie anywhere; gives the sum of their elements.
    @inline(__always)
    private func gather<Element: FixedWidthInteger>(
        _ source: UnsafePointer<Element>, _ lanes: Range<Int>, into target: UnsafeMutablePointer<UInt32>
    ) -> Int32 {
        let (group, bits) = (product.group, UInt32(8 * product.elementSize))
        let mask = UInt32.max &>> (32 - bits)
        var (target, sum) = (target, Int32(0))
        for lane in lanes {
            var word: UInt32 = 0
            for (term, offset) in offsets[lane * group..<(lane + 1) * group].enumerated() where offset >= 0 {
                let value = Int32(truncatingIfNeeded: source[offset]) &+ Int32(shift)
                word |= (UInt32(bitPattern: value) & mask) &<< (UInt32(truncatingIfNeeded: term) &* bits)
                sum &+= value
            }
            target.pointee = word
            target += product.tileColumns
        }
        return sum
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
