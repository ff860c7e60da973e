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
                .invalidArgument, "A picture can't be resized to \(width) × \(height).", help: "Give sizes of at least 1.")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= 1 << 30 else {
            throw MLOpsError(
                .limitExceeded, "A picture of \(width) × \(height) is larger than 2³⁰ pixels.",
                help: "Give smaller sizes.")
        }
        if width == self.width, height == self.height { return self }
        let rows = filter.windows(from: self.height, to: height)
        let columns = filter.windows(from: self.width, to: width)
        var line = [Float](repeating: 0, count: self.width * 3)
        let resized = [UInt8](unsafeUninitializedCapacity: count * 3) { target, filled in
            pixels.withUnsafeBufferPointer { source in
                line.withUnsafeMutableBufferPointer { line in
                    for y in 0..<height {
                        averageRows(rows, y, of: source, into: line)
                        let end = (y + 1) * width * 3
                        averageColumns(
                            columns, of: line,
                            into: UnsafeMutableBufferPointer(rebasing: target[end - width * 3..<end]))
                    }
                }
            }
            filled = count * 3
        }
        return Image(width: width, height: height, checkedPixels: resized)
    }
}

/// Averages rows of pixels into one row of floats.
private func averageRows(
    _ windows: ResizeWindows, _ y: Int, of source: UnsafeBufferPointer<UInt8>, into line: UnsafeMutableBufferPointer<Float>
) {
    let count = line.count
    let start = windows.start[y]
    var row = windows.first[y] * count
    for k in start..<windows.start[y + 1] {
        let weight = windows.weights[k]
        if k == start {
            for x in 0..<count { line[x] = weight * Float(source[row &+ x]) }
        } else {
            for x in 0..<count { line[x] += weight * Float(source[row &+ x]) }
        }
        row += count
    }
}

/// Averages the pixels of a row of floats into the bytes of a resized row.
private func averageColumns(
    _ windows: ResizeWindows, of line: UnsafeMutableBufferPointer<Float>,
    into target: UnsafeMutableBufferPointer<UInt8>
) {
    windows.weights.withUnsafeBufferPointer { weights in
        for x in 0..<windows.first.count {
            var place = windows.first[x] * 3
            var sum = SIMD4<Float>(repeating: 0)
            for k in windows.start[x]..<windows.start[x + 1] {
                sum += weights[k] * SIMD4(line[place], line[place + 1], line[place + 2], 0)
                place += 3
            }
            // Weights sum to 1 but for rounding, so a value may pass 255 by a little.
            let rounded = (sum + 0.5).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
            target[3 * x] = UInt8(rounded.x)
            target[3 * x + 1] = UInt8(rounded.y)
            target[3 * x + 2] = UInt8(rounded.z)
        }
    }
}
