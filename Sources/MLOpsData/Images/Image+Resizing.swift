internal import MLOpsCore

extension Image {
    /// The picture at another size.
    ///
    /// Rows are averaged first, then columns, in 32-bit floats in a fixed order: the same bits on every machine.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes below 1, `limitExceeded` for more than 2³⁰ pixels.
    public func resized(width: Int, height: Int, filter: ResizeFilter = .triangle) throws -> Image {
        guard width >= 1, height >= 1 else {
            throw MLOpsError(
                .invalidArgument, "A picture can't be resized to \(width) × \(height).",
                help: "Give sizes of at least 1.")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= 1 << 30 else {
            throw MLOpsError(
                .limitExceeded, "A picture of \(width) × \(height) is larger than 2³⁰ pixels.",
                help: "Give smaller sizes.")
        }
        if width == self.width, height == self.height { return self }
        return resampled(
            rows: filter.windows(from: self.height, to: height), columns: filter.windows(from: self.width, to: width),
            width: width, height: height)
    }

    /// The picture of `width` × `height` means over windows of rows and columns.
    func resampled(rows: ResizeWindows, columns: ResizeWindows, width: Int, height: Int) -> Image {
        let length = self.width * 3
        let resized = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, filled in
            pixels.withUnsafeBufferPointer { source in
                // One float more than a row has, since pixels are read and written four floats at a time.
                withUnsafeTemporaryAllocation(of: Float.self, capacity: length + width * 3 + 2) { floats in
                    floats.initialize(repeating: 0)
                    guard let source = source.baseAddress, let line = floats.baseAddress,
                        let start = target.baseAddress
                    else { return }
                    let sums = line + length + 1
                    for y in 0..<height {
                        averageRows(rows, y, of: source, length, into: line)
                        averageColumns(columns, of: line, into: sums)
                        roundToBytes(sums, into: start + y * width * 3, count: width * 3)
                    }
                }
            }
            filled = width * height * 3
        }
        return Image(width: width, height: height, checkedPixels: resized)
    }
}

/// Averages rows of pixels into one row of floats, up to three rows at a time.
private func averageRows(
    _ windows: ResizeWindows, _ y: Int, of source: UnsafePointer<UInt8>, _ length: Int,
    into line: UnsafeMutablePointer<Float>
) {
    windows.weights.withUnsafeBufferPointer { weights in
        var k = windows.start[y]
        let end = windows.start[y + 1]
        var a = source + windows.first[y] * length
        var isFirst = true
        while k < end {
            let taps = min(3, end - k)
            let (u, v, w) = (weights[k], taps > 1 ? weights[k + 1] : 0, taps > 2 ? weights[k + 2] : 0)
            let (b, c) = (a + (taps > 1 ? length : 0), a + (taps > 2 ? 2 * length : 0))
            switch (taps, isFirst) {
            case (1, true): for i in 0..<length { line[i] = u * Float(a[i]) }
            case (1, false): for i in 0..<length { line[i] += u * Float(a[i]) }
            case (2, true): for i in 0..<length { line[i] = u * Float(a[i]) + v * Float(b[i]) }
            case (2, false): for i in 0..<length { line[i] = line[i] + u * Float(a[i]) + v * Float(b[i]) }
            case (_, true): for i in 0..<length { line[i] = u * Float(a[i]) + v * Float(b[i]) + w * Float(c[i]) }
            case (_, false):
                for i in 0..<length { line[i] = line[i] + u * Float(a[i]) + v * Float(b[i]) + w * Float(c[i]) }
            }
            k += taps
            a += taps * length
            isFirst = false
        }
    }
}

/// Averages the pixels of a row of floats into those of a resized row.
private func averageColumns(
    _ windows: ResizeWindows, of line: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
) {
    windows.weights.withUnsafeBufferPointer { weights in
        windows.start.withUnsafeBufferPointer { start in
            windows.first.withUnsafeBufferPointer { first in
                for x in 0..<first.count {
                    var place = UnsafeRawPointer(line + first[x] &* 3)
                    var sum = SIMD4<Float>(repeating: 0)
                    for k in start[x]..<start[x &+ 1] {
                        sum += weights[k] * place.loadUnaligned(as: SIMD4<Float>.self)
                        place += 12
                    }
                    UnsafeMutableRawPointer(target + 3 &* x).storeBytes(of: sum, as: SIMD4<Float>.self)
                }
            }
        }
    }
}

/// Rounds floats to the nearest bytes, halves up; a filter may pass 0 and 255, if only by rounding.
///
/// Adding 2²³ leaves the whole number in the lowest bits, halves rounded to even; what is added before, more than
/// rounding errors and less than what anybody sees, lifts the halves.
func roundToBytes(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<UInt8>, count: Int) {
    for i in 0..<count {
        let bounded = max(0, min(255, source[i]))
        target[i] = UInt8(truncatingIfNeeded: (bounded + 0x1p-12 + 0x1p23).bitPattern)
    }
}
