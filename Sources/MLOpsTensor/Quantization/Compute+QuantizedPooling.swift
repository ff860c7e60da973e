extension Compute {
    /// The highest integer of each window; padding never is it, and a window of padding alone gives the lowest integer.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`.
    ///   - geometry: Window, strides and padding.
    ///   - y: `[N, P, Q, C]`, of the same type, where P and Q are ``PoolingGeometry/outputSize(height:width:)``.
    package func maxPool(_ x: QuantizedTensor, geometry: PoolingGeometry, into y: QuantizedTensor) {
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        let expected = [x.shape[0], size.height, size.width, x.channels]
        precondition(
            y.shape == expected && x.isSigned == y.isSigned,
            "y has shape \(y.shape), expected \(expected), as \(x.shape)")
        parallel(tasks: x.shape[0] * size.height) { task in
            if x.isSigned {
                poolRow(Int8.self, x, geometry, task / size.height, task % size.height, into: y)
            } else {
                poolRow(UInt8.self, x, geometry, task / size.height, task % size.height, into: y)
            }
        }
    }

    private func poolRow<Element: FixedWidthInteger & BitwiseCopyable>(
        _: Element.Type, _ x: QuantizedTensor, _ geometry: PoolingGeometry, _ image: Int, _ p: Int,
        into y: QuantizedTensor
    ) {
        let (height, width, channels, columns) = (x.shape[1], x.shape[2], x.channels, y.shape[2])
        let first = p * geometry.strideY - geometry.paddingTop
        for q in 0..<columns {
            let left = q * geometry.strideX - geometry.paddingLeft
            let output = UnsafeMutableRawPointer(y.pointer + ((image * y.shape[1] + p) * columns + q) * channels)
            output.withMemoryRebound(to: Element.self, capacity: channels) { target in
                target.update(repeating: .min, count: channels)
                for row in max(0, first)..<max(0, min(height, first + geometry.rows)) {
                    for column in max(0, left)..<max(0, min(width, left + geometry.columns)) {
                        let pixel = UnsafeRawPointer(x.pointer + ((image * height + row) * width + column) * channels)
                        pixel.withMemoryRebound(to: Element.self, capacity: channels) { source in
                            for c in 0..<channels { target[c] = max(target[c], source[c]) }
                        }
                    }
                }
            }
        }
    }
}
