extension DirectConvolution {
    /// Whether the terms of each output pixel are best laid side by side first: what lies under a kernel row is too little
    /// to be a loop of its own, as with images of three channels, and the patches of a band fit the second level of the
    /// cache.
    var gathersPatches: Bool {
        mergesColumns && kernelRows > 1 && kernelColumns * inputs <= 32 && bandRows * columns * terms <= 1 << 16
    }

    /// The floats of the patches of a band, with what is copied past the end of the last.
    var patchesCount: Int { bandRows * columns * terms + 4 }

    /// Lays out the patches of some output pixels, `[pixels][terms]`, from a band whose rows are so many floats apart.
    func gatherPatches(
        rows: Int, of band: UnsafePointer<Float>, rowStride: Int, into patches: UnsafeMutablePointer<Float>
    ) {
        let (run, step, nextRow) = (kernelColumns &* inputs, strideX &* inputs, dilationY &* rowStride)
        var target = patches
        for line in 0..<rows / columns {
            var patch = band + line * strideY * rowStride
            for _ in 0..<columns {
                var source = patch
                for _ in 0..<kernelRows {
                    // Four at a time, past the end: that is written over by the next.
                    var i = 0
                    while i < run {
                        Vector4.load(source + i).store(target + i)
                        i &+= 4
                    }
                    target += run
                    source += nextRow
                }
                patch += step
            }
        }
    }
}
