internal import MLOpsCore

extension Image {
    /// The picture with independent noise on each value, of a standard deviation on the scale 0…255.
    ///
    /// A deviate is the sum of four uniform ones, which is nearly normal, cut off at 3.46 standard deviations.
    func noisy(deviation: Double, using chance: inout SeededGenerator) -> Image {
        var image = self
        // The four have a variance of 1/12 each, in units of 2¹⁶; deviates are kept in 1/256 of a value.
        let scale = Int32((deviation * 3.0.squareRoot() * 256).rounded())
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for i in pixels.indices {
                let bits = chance.next()
                let sum =
                    Int32(bits & 0xFFFF) + Int32(bits >> 16 & 0xFFFF) + Int32(bits >> 32 & 0xFFFF) + Int32(bits >> 48)
                let noise = (Int64(sum - 131_070) * Int64(scale)) >> 16
                pixels[i] = UInt8(clamping: (Int64(pixels[i]) << 8 + noise + 128) >> 8)
            }
        }
        return image
    }

    /// The picture with a rectangle in gray.
    func erased(x: Range<Int>, y: Range<Int>) -> Image {
        var image = self
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for row in y {
                for i in (row * width + x.lowerBound) * 3..<(row * width + x.upperBound) * 3 { pixels[i] = 127 }
            }
        }
        return image
    }
}
