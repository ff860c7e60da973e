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
        let start = SIMD2(Float(origin.x - 0.5), Float(origin.y - 0.5))
        let (stepX, stepY) = (SIMD2(Float(map.xx), Float(map.yx)), SIMD2(Float(map.xy), Float(map.yy)))
        let highest = SIMD2(lastX, lastY)
        let result = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
            // Pixels are read four bytes at a time, so one byte is added behind the last.
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pixels.count + 1) { copy in
                _ = copy.initialize(from: pixels)
                copy.initializeElement(at: pixels.count, to: 0)
                guard let source = copy.baseAddress, var out = target.baseAddress else { return }
                for y in 0..<height {
                    let left = start + stepY * Float(y)
                    for x in 0..<width {
                        let at = (left + stepX * Float(x)).clamped(lowerBound: .zero, upperBound: highest)
                        let whole = SIMD2<Int32>(truncatingFloats: at)
                        let share = at - SIMD2<Float>(Float(whole.x), Float(whole.y))
                        let place = source + (Int(whole.y) &* row &+ 3 &* Int(whole.x))
                        let right = at.x < lastX ? 3 : 0
                        let below = at.y < lastY ? place + row : place
                        let (a, b) = (pixel(place), pixel(place + right))
                        let (c, d) = (pixel(below), pixel(below + right))
                        let top = a + (b - a) * share.x
                        let bottom = c + (d - c) * share.x
                        var value = top + (bottom - top) * share.y
                        if isColored { value = color(value) }
                        let bytes = value.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)).roundedBytes
                        out[0] = bytes.x
                        out[1] = bytes.y
                        out[2] = bytes.z
                        out += 3
                    }
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
@inline(__always) private func pixel(_ place: UnsafePointer<UInt8>) -> SIMD4<Float> {
    SIMD4<Float>(UnsafeRawPointer(place).loadUnaligned(as: SIMD4<UInt8>.self))
}

extension SIMD2<Int32> {
    /// The whole parts of values that are known to be in range.
    @inline(__always) fileprivate init(truncatingFloats values: SIMD2<Float>) {
        self.init(Int32(values.x), Int32(values.y))
    }
}
