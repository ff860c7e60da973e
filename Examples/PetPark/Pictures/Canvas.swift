import Foundation
import MLOpsData

/// A color in linear 0…1 parts of red, green and blue.
struct Color: Equatable {
    var red: Double
    var green: Double
    var blue: Double

    init(_ red: Double, _ green: Double, _ blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The color moved a share of the way to another.
    func mixed(with other: Color, _ share: Double) -> Color {
        Color(
            red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
    }
}

/// A picture that shapes are painted on, with smooth edges; a length is a share of the picture's height.
struct Canvas {
    let width: Int
    let height: Int
    private var pixels: [Color]

    init(width: Int, height: Int, background: (_ x: Double, _ y: Double) -> Color) {
        self.width = width
        self.height = height
        pixels = []
        pixels.reserveCapacity(width * height)
        for row in 0..<height {
            for column in 0..<width {
                pixels.append(
                    background((Double(column) + 0.5) / Double(height), (Double(row) + 0.5) / Double(height)))
            }
        }
    }

    /// Paints where `distance` (negative inside) is below 0, inside the box around `center`.
    mutating func paint(
        _ color: Color, around center: (x: Double, y: Double), reach: Double,
        distance: (_ x: Double, _ y: Double) -> Double
    ) {
        let scale = Double(height)
        let rows = clamped((center.y - reach) * scale, height)..<clamped((center.y + reach) * scale + 1, height)
        let columns = clamped((center.x - reach) * scale, width)..<clamped((center.x + reach) * scale + 1, width)
        for row in rows {
            for column in columns {
                let d = distance((Double(column) + 0.5) / scale, (Double(row) + 0.5) / scale) * scale
                let cover = min(1, max(0, 0.5 - d))
                if cover > 0 {
                    let i = row * width + column
                    pixels[i] = pixels[i].mixed(with: color, cover)
                }
            }
        }
    }

    /// Paints an ellipse turned by `angle` (radians, clockwise).
    mutating func ellipse(
        _ color: Color, at center: (x: Double, y: Double), radii: (x: Double, y: Double), angle: Double = 0
    ) {
        let (s, c) = (sin(angle), cos(angle))
        paint(color, around: center, reach: max(radii.x, radii.y) + 0.02) { x, y in
            let (dx, dy) = (x - center.x, y - center.y)
            let (u, v) = ((dx * c + dy * s) / radii.x, (dy * c - dx * s) / radii.y)
            return ((u * u + v * v).squareRoot() - 1) * min(radii.x, radii.y)
        }
    }

    /// Paints a line with round ends.
    mutating func stroke(
        _ color: Color, from a: (x: Double, y: Double), to b: (x: Double, y: Double), thickness: Double
    ) {
        let (bx, by) = (b.x - a.x, b.y - a.y)
        let length = max(1e-9, bx * bx + by * by)
        let middle = (x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
        paint(color, around: middle, reach: length.squareRoot() / 2 + thickness + 0.02) { x, y in
            let t = min(1, max(0, ((x - a.x) * bx + (y - a.y) * by) / length))
            return hypot(x - a.x - t * bx, y - a.y - t * by) - thickness / 2
        }
    }

    /// Paints a triangle.
    mutating func triangle(
        _ color: Color, _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ c: (x: Double, y: Double)
    ) {
        func edge(_ p: (x: Double, y: Double), _ q: (x: Double, y: Double), _ x: Double, _ y: Double) -> Double {
            ((q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x)) / max(1e-9, hypot(q.x - p.x, q.y - p.y))
        }
        let turn: Double = edge(a, b, c.x, c.y) > 0 ? -1 : 1
        let center = (x: (a.x + b.x + c.x) / 3, y: (a.y + b.y + c.y) / 3)
        let reach = [a, b, c].map { hypot($0.x - center.x, $0.y - center.y) }.max() ?? 0
        paint(color, around: center, reach: reach + 0.02) { x, y in
            max(turn * edge(a, b, x, y), turn * edge(b, c, x, y), turn * edge(c, a, x, y))
        }
    }

    /// Changes every pixel.
    mutating func adjust(_ change: (Color) -> Color) {
        for i in pixels.indices { pixels[i] = change(pixels[i]) }
    }

    /// The picture in 8 bits.
    func image() throws -> Image {
        var bytes = [UInt8]()
        bytes.reserveCapacity(pixels.count * 3)
        for pixel in pixels {
            for part in [pixel.red, pixel.green, pixel.blue] {
                bytes.append(UInt8(min(255, max(0, (part * 255).rounded()))))
            }
        }
        return try Image(width: width, height: height, pixels: bytes)
    }

    private func clamped(_ value: Double, _ limit: Int) -> Int { min(limit, max(0, Int(value))) }
}
