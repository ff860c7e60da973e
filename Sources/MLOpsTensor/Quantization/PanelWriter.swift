/// Writes weights of 8-bit integers into panels: see ``QuantizedPanels``.
struct PanelWriter {
    /// Of the weights `[R, S, C / groups, K]` as they come.
    let shape: [Int], strides: [Int]
    let isSigned: Bool
    /// What is added to each.
    let shift: Int
    let product: IntegerProduct
    /// The elements of a run, and its terms in lanes.
    let run: Int, lanes: Int

    /// Writes the panel of some output channels, and adds up their elements.
    func write(
        _ source: UnsafePointer<UInt8>, _ outputs: Range<Int>, to panel: UnsafeMutableRawPointer,
        sums: UnsafeMutablePointer<Int32>
    ) {
        let (step, width, tile) = (strides[3], outputs.count, product.tileColumns)
        let (first, own) = (source + outputs.lowerBound * step, sums + outputs.lowerBound)
        // An integer with a sign is one without, whose highest bit is turned, less 128.
        let flip: UInt8 = isSigned ? 0x80 : 0
        let bias = Int32(shift) - Int32(flip)
        let isPair = product.group == 2
        forEachLane { offsets, count, lane in
            let target = (panel + lane * tile * 4).assumingMemoryBound(to: UInt32.self)
            for column in width..<tile { target[column] = 0 }
            if isPair, count == 2 {
                let (a, b) = (offsets[0], offsets[1])
                var from = first
                for column in 0..<width {
                    let (x, y) = (Int32(from[a] ^ flip) &+ bias, Int32(from[b] ^ flip) &+ bias)
                    target[column] = UInt32(bitPattern: x & 0xFFFF | y &<< 16)
                    own[column] &+= x &+ y
                    from += step
                }
                return
            }
            let (mask, bits): (UInt32, UInt32) = isPair ? (0xFFFF, 16) : (0xFF, 8)
            for column in 0..<width {
                let from = first + column * step
                var (word, sum): (UInt32, Int32) = (0, 0)
                for term in 0..<count {
                    let value = Int32(from[offsets[term]] ^ flip) &+ bias
                    sum &+= value
                    word |= (UInt32(bitPattern: value) & mask) &<< (UInt32(truncatingIfNeeded: term) &* bits)
                }
                target[column] = word
                own[column] &+= sum
            }
        }
    }

    /// Writes a panel that gives the sums of the input in its first column.
    func writeOnes(to panel: UnsafeMutableRawPointer) {
        let tile = product.tileColumns
        let one: UInt32 = product.elementSize == 1 ? 0x0101_0101 : 0x0001_0001
        forEachLane { _, count, lane in
            let target = (panel + lane * tile * 4).assumingMemoryBound(to: UInt32.self)
            target.update(repeating: 0, count: tile)
            // The lowest elements of the word are the first.
            target[0] = one & (UInt32.max &>> UInt32(32 - count * product.elementSize * 8))
        }
    }

    /// Where the terms that lie side by side in a lane are found from an output's first.
    @inline(__always) private func forEachLane(
        _ body: (_ offsets: UnsafeMutableBufferPointer<Int>, _ count: Int, _ lane: Int) -> Void
    ) {
        let (columns, inputs, group) = (shape[1], shape[2], product.group)
        let runs = run == 0 ? 0 : columns * inputs / run
        withUnsafeTemporaryAllocation(of: Int.self, capacity: group) { offsets in
            for row in 0..<shape[0] {
                for part in 0..<runs {
                    for lane in 0..<lanes {
                        let count = min(group, run - lane * group)
                        for term in 0..<count {
                            let place = part * run + lane * group + term
                            offsets[term] =
                                row * strides[0] + place / inputs * strides[1] + place % inputs * strides[2]
                        }
                        body(offsets, count, (row * runs + part) * lanes + lane)
                    }
                }
            }
        }
    }
}
