internal import Foundation
internal import MLOpsCore

/// CVAT writes a mask as the runs of the rows of a part of the picture, first outside, then inside, in turn.
extension CVATFormat {
    /// The attributes of an element that says which pixels a mask has.
    static func attributes(of mask: RunLengthMask) -> [(String, String)] {
        let box = mask.bounds ?? BoundingBox(x: 0, y: 0, width: 1, height: 1)
        let (left, top, columns, rows) = (Int(box.x), Int(box.y), Int(box.width), Int(box.height))
        var (runs, isInside) = ([0], false)
        for pixel in mask.pixels(left: left, top: top, columns: columns, rows: rows) {
            if pixel != isInside {
                runs.append(0)
                isInside = pixel
            }
            runs[runs.count - 1] += 1
        }
        return [
            ("rle", runs.map(String.init).joined(separator: ", ")), ("left", String(left)), ("top", String(top)),
            ("width", String(columns)), ("height", String(rows)),
        ]
    }

    /// Reads a mask; its sizes are checked before memory is taken.
    static func mask(_ element: MarkupElement, in size: AnnotatedImage.Size) throws -> RunLengthMask {
        let (columns, rows) = (try element.integer("width"), try element.integer("height"))
        let (left, top) = (try element.integer("left"), try element.integer("top"))
        guard columns > 0, rows > 0, columns <= size.width, rows <= size.height,
            rows <= RunLengthMask.maxPixels / columns
        else { throw element.fault("has \(columns) × \(rows) pixels in a picture of \(size.width) × \(size.height)") }
        var pixels: [Bool] = []
        pixels.reserveCapacity(columns * rows)
        for (i, text) in try element.attribute("rle").split(separator: ",").enumerated() {
            guard let count = Int(text.filter { $0 != " " }), count >= 0, count <= columns * rows - pixels.count else {
                throw element.fault("has '\(text.prefix(40))' as the length of a run")
            }
            pixels.append(contentsOf: repeatElement(i % 2 == 1, count: count))
        }
        guard pixels.count == columns * rows else {
            throw element.fault("has runs of \(pixels.count) pixels for \(columns) × \(rows)")
        }
        return try RunLengthMask(
            width: size.width, height: size.height, part: pixels, columns: columns, left: left, top: top)
    }
}
