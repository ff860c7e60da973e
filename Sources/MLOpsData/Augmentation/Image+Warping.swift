internal import MLOpsCore

extension Image {
    /// The picture read through a map, by bilinear interpolation, edges repeated, and recolored on the way.
    ///
    /// Where a pixel of the result covers more than two of the source, the source is reduced first, so that nothing
    /// flickers.
    func warped(by map: AffineMap, width: Int, height: Int, color: ColorMap = .identity) throws -> Image {
        let shrinkage = map.area.squareRoot()
        if shrinkage > 2, min(self.width, self.height) > 1 {
            let (w, h) = (
                max(1, Int((Double(self.width) / shrinkage).rounded())),
                max(1, Int((Double(self.height) / shrinkage).rounded()))
            )
            let reduced = try resized(width: w, height: h)
            return reduced.sampled(
                by: map.followed(by: .scaling(from: (w, h), to: (self.width, self.height))), width: width,
                height: height, color: color)
        }
        return sampled(by: map, width: width, height: height, color: color)
    }

    private func sampled(by map: AffineMap, width: Int, height: Int, color: ColorMap) -> Image {
        let row = self.width * 3
        let (lastX, lastY) = (Float(self.width - 1), Float(self.height - 1))
        let isColored = color != .identity
        // The middle of pixel i is at i + ½, and so is that of the source's pixels.
        let origin = map(0.5, 0.5)
        let (startX, startY) = (Float(origin.x - 0.5), Float(origin.y - 0.5))
        let (xx, xy, yx, yy) = (Float(map.xx), Float(map.xy), Float(map.yx), Float(map.yy))
        let result = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
            // The source as floats, and a row of the result; of each one more, since four floats are moved at a time.
            withUnsafeTemporaryAllocation(of: Float.self, capacity: pixels.count + width * 3 + 2) { floats in
                guard let source = floats.baseAddress, let start = target.baseAddress else { return }
                let line = source + pixels.count + 1
                pixels.withUnsafeBufferPointer { for i in 0..<$0.count { source[i] = Float($0[i]) } }
                source[pixels.count] = 0
                for y in 0..<height {
                    var out = UnsafeMutableRawPointer(line)
                    let (leftX, leftY) = (startX + xy * Float(y), startY + yy * Float(y))
                    for x in 0..<width {
                        let atX = max(0, min(lastX, leftX + xx * Float(x)))
                        let atY = max(0, min(lastY, leftY + yx * Float(x)))
                        let (wholeX, wholeY) = (Int32(atX), Int32(atY))
                        let (shareX, shareY) = (atX - Float(wholeX), atY - Float(wholeY))
                        let place = source + (Int(wholeY) &* row &+ 3 &* Int(wholeX))
                        let right = atX < lastX ? 3 : 0
                        let below = atY < lastY ? place + row : place
                        let (a, b) = (pixel(place), pixel(place + right))
                        let (c, d) = (pixel(below), pixel(below + right))
                        let top = a + (b - a) * shareX
                        let bottom = c + (d - c) * shareX
                        var value = top + (bottom - top) * shareY
                        if isColored { value = color(value) }
                        out.storeBytes(of: value, as: SIMD4<Float>.self)
                        out += 12
                    }
                    roundToBytes(line, into: start + y * width * 3, count: width * 3)
                }
            }
            count = width * height * 3
        }
        return Image(width: width, height: height, checkedPixels: result)
    }

    /// The picture with a color map applied to each pixel.
    func recolored(by color: ColorMap) -> Image {
        sampled(by: .identity, width: width, height: height, color: color)
    }
}

/// The three values of a pixel, and one more that nobody looks at.
@inline(__always) private func pixel(_ place: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Float>.self)
}
