/// A band of image rows copied with its padding, as elements that fit the product: see ``PaddedBand``.
struct IntegerBand {
    let band: PaddedBand
    /// The bytes of an element, 1 or 2.
    let elementSize: Int
    /// Whether the image's bytes are two's complement.
    let isSigned: Bool
    /// What padding is: the zero point, shifted as the elements are.
    let padding: Int

    /// The bytes of a band row.
    var rowBytes: Int { band.rowStride * elementSize }

    /// Copies the rows that start at `firstRow` of the padded image.
    func copy(_ image: UnsafePointer<UInt8>, from firstRow: Int, to target: UnsafeMutableRawPointer) {
        let channels = band.channels
        let start = min(max(band.left, 0), band.columns)
        let end = max(start, min(band.columns, band.left + band.width))
        for i in 0..<band.rows {
            let row = target + i * rowBytes
            let y = firstRow + i - band.top
            guard y >= 0, y < band.height else {
                pad(row, band.rowStride)
                continue
            }
            pad(row, start * channels)
            pad(row + end * channels * elementSize, (band.columns - end) * channels)
            let source = image + (y * band.width + start - band.left) * channels
            widen(source, (end - start) * channels, to: row + start * channels * elementSize)
        }
    }

    private func pad(_ target: UnsafeMutableRawPointer, _ count: Int) {
        if elementSize == 1 {
            target.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: padding), count: count)
        } else {
            target.initializeMemory(as: Int16.self, repeating: Int16(truncatingIfNeeded: padding), count: count)
        }
    }

    private func widen(_ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutableRawPointer) {
        if elementSize == 2 {
            let into = target.bindMemory(to: Int16.self, capacity: count)
            if isSigned {
                for i in 0..<count { into[i] = Int16(truncatingIfNeeded: Int8(bitPattern: source[i])) }
            } else {
                for i in 0..<count { into[i] = Int16(truncatingIfNeeded: source[i]) }
            }
        } else if isSigned {
            let into = target.bindMemory(to: UInt8.self, capacity: count)
            for i in 0..<count { into[i] = source[i] ^ 0x80 }
        } else {
            target.copyMemory(from: source, byteCount: count)
        }
    }
}
