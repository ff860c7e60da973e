internal import Foundation
internal import MLOpsCore

/// A picture on its way through the steps of an augmentation: what was done, and what is still to be done to it.
struct AugmentationRendering {
    private(set) var image: Image
    /// Where in the first picture the pixels of the result come from; of all steps so far.
    private(set) var whole: AffineMap
    /// Where in `image` the pixels of the result come from; of the steps since it was made.
    private var geometry: AffineMap
    private var color = ColorMap.identity
    private let width: Int
    private let height: Int

    /// Starts with a picture, for a result of the given sizes.
    init(_ image: Image, width: Int, height: Int) throws {
        guard width >= 1, height >= 1, width <= 1 << 15, height <= 1 << 15 else {
            throw MLOpsError(
                .invalidArgument, "A picture can't become one of \(width) × \(height).",
                help: "Give sizes of 1…32,768.")
        }
        self.image = image
        self.width = width
        self.height = height
        geometry = .scaling(from: (image.width, image.height), to: (width, height))
        whole = geometry
    }

    /// Applies a step, drawing from `chance` always in the same order.
    mutating func apply(_ step: AugmentationStep, using chance: inout SeededGenerator) throws {
        let (w, h) = (Double(width), Double(height))
        switch step {
        case .flip(let probability):
            if chance.uniform() < probability { move(AffineMap(xx: -1, xy: 0, x: w, yx: 0, yy: 1, y: 0)) }
        case .verticalFlip(let probability):
            if chance.uniform() < probability { move(AffineMap(xx: 1, xy: 0, x: 0, yx: 0, yy: -1, y: h)) }
        case .crop(let area, let stretch):
            let side = chance.uniform(in: area).squareRoot()
            // Linear on each side of 1: as often wider as narrower.
            let draw = chance.uniform(in: -1...1)
            let ratio = (draw >= 0 ? 1 + draw * (stretch - 1) : 1 / (1 - draw * (stretch - 1))).squareRoot()
            let (across, down) = (min(1, side * ratio), min(1, side / ratio))
            let (left, top) = (chance.uniform() * (1 - across), chance.uniform() * (1 - down))
            move(AffineMap(xx: across, xy: 0, x: left * w, yx: 0, yy: down, y: top * h))
        case .affine(let rotation, let scale, let shear, let translation):
            let angle = chance.uniform(in: -rotation...rotation) * .pi / 180
            let size = chance.uniform(in: scale)
            let slant = tan(chance.uniform(in: -shear...shear) * .pi / 180)
            let shift = (
                x: chance.uniform(in: -translation...translation) * w,
                y: chance.uniform(in: -translation...translation) * h
            )
            // From a pixel of the result to one of the source, about the middle: the inverse of turning and scaling.
            let (c, s) = (cos(angle) / size, sin(angle) / size)
            let (xx, xy, yx, yy) = (c, c * slant + s, -s, c - s * slant)
            let (x, y) = (w / 2 + shift.x, h / 2 + shift.y)
            move(
                AffineMap(
                    xx: xx, xy: xy, x: w / 2 - xx * x - xy * y, yx: yx, yy: yy, y: h / 2 - yx * x - yy * y))
        case .color(let brightness, let contrast, let saturation, let hue):
            color = color.followed(
                by: .jittering(
                    brightness: 1 + chance.uniform(in: -brightness...brightness),
                    contrast: 1 + chance.uniform(in: -contrast...contrast),
                    saturation: 1 + chance.uniform(in: -saturation...saturation),
                    hue: chance.uniform(in: -hue...hue) * .pi / 180))
        case .blur(let deviation, let probability):
            let (happens, deviation) = (chance.uniform() < probability, chance.uniform(in: deviation))
            if happens { try replace { $0.blurred(deviation: deviation) } }
        case .noise(let deviation, let probability):
            let (happens, deviation) = (chance.uniform() < probability, chance.uniform(in: deviation))
            if happens { try replace { $0.noisy(deviation: deviation, using: &chance) } }
        case .jpeg(let quality, let probability):
            let happens = chance.uniform() < probability
            let value = quality.lowerBound + chance.integer(below: quality.count)
            if happens { try replace { try ImageDecoder().decode($0.jpeg(quality: value)) } }
        case .cutout(let area, let probability):
            let happens = chance.uniform() < probability
            let side = chance.uniform(in: area).squareRoot()
            let (across, down) = (Int((side * w).rounded()), Int((side * h).rounded()))
            let (x, y) = (chance.integer(below: width - across + 1), chance.integer(below: height - down + 1))
            if happens { try replace { $0.erased(x: x..<x + across, y: y..<y + down) } }
        }
    }

    /// Does what is still to be done; the picture then has the sizes of the result.
    mutating func finish() throws {
        defer { (geometry, color) = (.identity, .identity) }
        if geometry.isIdentity, image.width == width, image.height == height {
            if color != .identity { image = image.recolored(by: color) }
        } else {
            image = try image.warped(by: geometry, width: width, height: height, color: color)
        }
    }

    /// Adds a step that moves pixels; `map` is in pixels of the result.
    private mutating func move(_ map: AffineMap) {
        geometry = map.followed(by: geometry)
        whole = map.followed(by: whole)
    }

    /// Makes another picture of the finished one.
    private mutating func replace(_ change: (Image) throws -> Image) throws {
        try finish()
        image = try change(image)
    }
}
