internal import MLOpsCore

extension Image {
    /// The part of the picture from (x, y) on, of the given sizes.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the part is empty or not inside the picture.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws -> Image {
        guard x >= 0, y >= 0, width >= 1, height >= 1, width <= self.width, height <= self.height,
            x <= self.width - width, y <= self.height - height
        else {
            throw MLOpsError(
                .invalidArgument,
                "The part at (\(x), \(y)) of \(width) × \(height) is not inside a picture of \(self.width) × "
                    + "\(self.height).",
                help: "Give a part that is inside the picture.")
        }
        if width == self.width, height == self.height { return self }
        var part = [UInt8]()
        part.reserveCapacity(width * height * 3)
        for row in y..<y + height {
            let start = (row * self.width + x) * 3
            part.append(contentsOf: pixels[start..<start + width * 3])
        }
        return try Image(width: width, height: height, pixels: part)
    }

    /// The picture mirrored left to right.
    public func flippedHorizontally() -> Image { turned(.mirrored) }

    /// The picture turned upright from a stored orientation.
    public func turned(_ orientation: ImageOrientation) -> Image {
        if orientation == .upright { return self }
        let (w, h) = orientation.swapsSides ? (height, width) : (width, height)
        // The place of the pixel (0, 0) of the result in the stored picture, and the steps to its neighbors there.
        let right = 3
        let down = 3 * width
        let last = (x: right * (width - 1), y: down * (height - 1))
        let (origin, across, along): (Int, Int, Int) =
            switch orientation {
            case .upright: (0, right, down)
            case .mirrored: (last.x, -right, down)
            case .upsideDown: (last.x + last.y, -right, -down)
            case .flipped: (last.y, right, -down)
            case .transposed: (0, down, right)
            case .quarterClockwise: (last.y, -down, right)
            case .transversed: (last.x + last.y, -down, -right)
            case .quarterCounterclockwise: (last.x, down, -right)
            }
        let turned = pixels.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                var place = 0
                for y in 0..<h {
                    var from = origin + y * along
                    for _ in 0..<w {
                        target[place] = source[from]
                        target[place + 1] = source[from + 1]
                        target[place + 2] = source[from + 2]
                        place += 3
                        from += across
                    }
                }
                count = source.count
            }
        }
        return Image(width: w, height: h, checkedPixels: turned)
    }
}
