extension Image {
    /// The luma of each pixel, [height, width], as Pillow's mode `L` has it.
    ///
    /// Source: ITU-R BT.601, section 2.5.1: 0.299 R + 0.587 G + 0.114 B, here in 16-bit fixed point.
    public func gray() -> [UInt8] {
        pixels.withUnsafeBufferPointer { pixels in
            [UInt8](unsafeUninitializedCapacity: pixels.count / 3) { gray, count in
                count = pixels.count / 3
                for i in 0..<count {
                    let (r, g, b) = (UInt32(pixels[3 * i]), UInt32(pixels[3 * i + 1]), UInt32(pixels[3 * i + 2]))
                    gray[i] = UInt8(truncatingIfNeeded: (r &* 19595 &+ g &* 38470 &+ b &* 7471 &+ 0x8000) >> 16)
                }
            }
        }
    }
}
