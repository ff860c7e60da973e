extension Reference {
    package static func maxPool(
        _ x: Tensor, geometry: PoolingGeometry, into y: Tensor, indices: PoolingIndices?
    ) {
        forEachWindow(x, y, geometry) { image, output, window in
            let (pixels, channels) = (x.shape[1] * x.shape[2], x.shape[3])
            for c in 0..<channels {
                var best = -Float.infinity
                var winner = -1
                for pixel in window {
                    let value = x.pointer[(image * pixels + pixel) * channels + c]
                    if winner < 0 || value > best || value.isNaN { (best, winner) = (value, pixel) }
                }
                y.pointer[output * channels + c] = best
                indices?.pointer[output * channels + c] = Int32(winner)
            }
        }
    }

    package static func maxPoolBackward(_ dy: Tensor, indices: PoolingIndices, into dx: Tensor) {
        let (pixels, channels) = (dx.shape[1] * dx.shape[2], dx.shape[3])
        let outputs = dy.shape[1] * dy.shape[2] * channels
        dx.fill(0)
        for i in 0..<dy.count where indices.pointer[i] >= 0 {
            dx.pointer[(i / outputs * pixels + Int(indices.pointer[i])) * channels + i % channels] += dy.pointer[i]
        }
    }

    package static func averagePool(_ x: Tensor, geometry g: PoolingGeometry, countingPadding: Bool, into y: Tensor) {
        forEachWindow(x, y, g) { image, output, window in
            let (pixels, channels) = (x.shape[1] * x.shape[2], x.shape[3])
            let count = countingPadding ? g.rows * g.columns : max(window.count, 1)
            for c in 0..<channels {
                var sum = 0.0
                for pixel in window { sum += Double(x.pointer[(image * pixels + pixel) * channels + c]) }
                y.pointer[output * channels + c] = Float(sum / Double(count))
            }
        }
    }

    package static func globalAveragePool(_ x: Tensor, into y: Tensor) {
        let (images, pixels, channels) = (x.shape[0], x.shape[1] * x.shape[2], x.shape[3])
        for image in 0..<images {
            for c in 0..<channels {
                var sum = 0.0
                for pixel in 0..<pixels { sum += Double(x.pointer[(image * pixels + pixel) * channels + c]) }
                y.pointer[image * channels + c] = Float(sum / Double(pixels))
            }
        }
    }

    package static func globalAveragePoolBackward(_ dy: Tensor, into dx: Tensor) {
        let (pixels, channels) = (dx.shape[1] * dx.shape[2], dx.shape[3])
        for i in 0..<dx.count {
            dx.pointer[i] = dy.pointer[i / (pixels * channels) * channels + i % channels] / Float(pixels)
        }
    }

    /// Visits each window: its image, its output pixel, and the input pixels in it.
    private static func forEachWindow(
        _ x: Tensor, _ y: Tensor, _ g: PoolingGeometry, _ visit: (Int, Int, [Int]) -> Void
    ) {
        let (height, width) = (x.shape[1], x.shape[2])
        for image in 0..<y.shape[0] {
            for p in 0..<y.shape[1] {
                for q in 0..<y.shape[2] {
                    var window: [Int] = []
                    for row in (p * g.strideY - g.paddingTop)..<(p * g.strideY - g.paddingTop + g.rows) {
                        for column in (q * g.strideX - g.paddingLeft)..<(q * g.strideX - g.paddingLeft + g.columns)
                        where row >= 0 && row < height && column >= 0 && column < width {
                            window.append(row * width + column)
                        }
                    }
                    visit(image, (image * y.shape[1] + p) * y.shape[2] + q, window)
                }
            }
        }
    }
}
