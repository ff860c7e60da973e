internal import Foundation
package import MLOpsCore

/// How one picture is read into a network's input: where each value comes from, and how it is lit.
///
/// Column x and row y of the input come from (originX + x·stepX.x + y·stepY.x, originY + x·stepX.y + y·stepY.y) of the
/// picture, by bilinear interpolation, edges repeated; a channel's value v becomes v · scale[c] − offset[c].
package struct PictureSampling: Sendable {
    private var origin = SIMD2<Float>(0, 0)
    private var stepX = SIMD2<Float>(1, 0)
    private var stepY = SIMD2<Float>(0, 1)
    private var scale: SIMD4<Float>
    private var offset: SIMD4<Float>
    /// Whether every value is one pixel, unmoved.
    private var isPlain = false
    /// The columns and rows of the input that are set to the mean.
    private var erased: (columns: Range<Int>, rows: Range<Int>) = (0..<0, 0..<0)

    /// Reads pictures of the input's own size as they are.
    package init(_ preprocessing: ImagePreprocessing) {
        let (scale, offset) = preprocessing.pixelTransform
        self.scale = SIMD4(scale[0], scale[1], scale[2], 0)
        self.offset = SIMD4(offset[0], offset[1], offset[2], 0)
        isPlain = true
    }

    /// Draws a sampling of a picture of `width` × `height`.
    package init(
        _ preprocessing: ImagePreprocessing, _ augmentation: ImageAugmentation, width: Int, height: Int,
        using generator: inout SeededGenerator
    ) {
        self.init(preprocessing)
        isPlain = false
        // Always the same draws in the same order, so that one setting does not change what another draws.
        let isMirrored = generator.uniform() < 0.5 && augmentation.flips
        let side = generator.uniform(in: augmentation.cropScale)
        let slack = abs(1 - side) / 2
        let center = (x: generator.uniform(in: -slack...slack), y: generator.uniform(in: -slack...slack))
        let angle = generator.uniform(in: -1...1) * augmentation.rotation
        let contrast = Float(1 + generator.uniform(in: -1...1) * augmentation.contrast)
        let brightness = Float(generator.uniform(in: -1...1) * augmentation.brightness)

        let (outWidth, outHeight) = (Double(preprocessing.width), Double(preprocessing.height))
        let size = (x: Double(width), y: Double(height))
        let mirror: Double = isMirrored ? -1 : 1
        let xx = mirror * side * cos(angle) * size.x / outWidth
        let xy = mirror * side * sin(angle) * size.y / outWidth
        let yx = -side * sin(angle) * size.x / outHeight
        let yy = side * cos(angle) * size.y / outHeight
        // The middle of the input is the middle of the crop; pixel i covers i ..< i + 1, so its middle is i + 1/2.
        let (halfX, halfY) = (0.5 - outWidth / 2, 0.5 - outHeight / 2)
        origin = SIMD2(
            Float(size.x * (0.5 + center.x) - 0.5 + halfX * xx + halfY * yx),
            Float(size.y * (0.5 + center.y) - 0.5 + halfX * xy + halfY * yy))
        stepX = SIMD2(Float(xx), Float(xy))
        stepY = SIMD2(Float(yx), Float(yy))
        scale *= contrast
        offset = offset * contrast - SIMD4(brightness, brightness, brightness, 0)

        let isErased = generator.uniform() < 0.5
        let share = generator.uniform() * augmentation.erasing
        let place = (x: generator.uniform(), y: generator.uniform())
        if isErased {
            func range(_ extent: Int, _ place: Double) -> Range<Int> {
                let length = Int((share * Double(extent)).rounded())
                let start = Int(place * Double(extent - length + 1))
                return start..<start + length
            }
            erased = (range(preprocessing.width, place.x), range(preprocessing.height, place.y))
        }
    }

    /// Reads a picture [height, width, 3] into an input [outHeight, outWidth, 3].
    package func read(
        _ picture: UnsafePointer<UInt8>, width: Int, height: Int, into output: UnsafeMutablePointer<Float>,
        outWidth: Int, outHeight: Int
    ) {
        if isPlain && width == outWidth && height == outHeight {
            for i in 0..<width * height {
                for c in 0..<3 { output[3 &* i &+ c] = Float(picture[3 &* i &+ c]) * scale[c] - offset[c] }
            }
            return
        }
        let (lastX, lastY) = (Float(width - 1), Float(height - 1))
        let (maxX, maxY, row) = (width &- 1, height &- 1, 3 &* width)
        var out = output
        for y in 0..<outHeight {
            let start = origin + stepY * Float(y)
            for x in 0..<outWidth {
                let at = start + stepX * Float(x)
                let sx = max(0, min(lastX, at.x))
                let sy = max(0, min(lastY, at.y))
                let (ix, iy) = (Int(sx), Int(sy))
                let (fx, fy) = (sx - Float(ix), sy - Float(iy))
                let p = picture + (iy &* row &+ 3 &* ix)
                let right = ix < maxX ? 3 : 0
                let q = iy < maxY ? p + row : p
                let top = Self.pixel(p) + (Self.pixel(p + right) - Self.pixel(p)) * fx
                let bottom = Self.pixel(q) + (Self.pixel(q + right) - Self.pixel(q)) * fx
                let value = (top + (bottom - top) * fy) * scale - offset
                out[0] = value[0]
                out[1] = value[1]
                out[2] = value[2]
                out += 3
            }
        }
        for y in erased.rows {
            (output + 3 * (y * outWidth + erased.columns.lowerBound))
                .update(repeating: 0, count: 3 * erased.columns.count)
        }
    }

    @inline(__always) private static func pixel(_ p: UnsafePointer<UInt8>) -> SIMD4<Float> {
        SIMD4(Float(p[0]), Float(p[1]), Float(p[2]), 0)
    }
}
