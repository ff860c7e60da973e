import Foundation
import MLOpsCore
import MLOpsData

/// Something that happens to a camera and changes what the model sees: what bias is injected with.
struct CameraFault: Codable, Hashable {
    enum Kind: String, CaseIterable, Codable {
        /// The lens is smeared: everything is soft.
        case smearedLens
        /// A sodium lamp shines: everything is amber and bright.
        case amberLamp
        /// The exposure is stuck: everything is dark.
        case darkExposure
        /// Mist lies on the lens: little contrast.
        case mist
        /// The sensor is worn: much noise.
        case noise
        /// The camera has slipped on its bracket: the picture is turned on its head.
        case hangingCamera
        /// The color matrix is lost: red and blue are swapped.
        case swappedColors
        /// The stream is compressed too much: the picture is made of blocks.
        case blocks

        /// The severities that differ.
        var severities: ClosedRange<Int> { self == .hangingCamera || self == .swappedColors ? 1...1 : 1...10 }
    }

    var kind: Kind
    /// From 1, light, to 10, heavy.
    var severity: Int

    /// Every fault in every severity, the light ones first.
    static let all: [CameraFault] = (1...10).flatMap { severity in
        Kind.allCases.filter { $0.severities.contains(severity) }.map { CameraFault(kind: $0, severity: severity) }
    }

    /// What the park's staff would call it.
    var title: String {
        let name =
            switch kind {
            case .smearedLens: "a smeared lens"
            case .amberLamp: "an amber lamp"
            case .darkExposure: "an exposure stuck too dark"
            case .mist: "mist on the lens"
            case .noise: "a worn sensor"
            case .hangingCamera: "a camera hanging from its bracket"
            case .swappedColors: "swapped colors"
            case .blocks: "a starved video link"
            }
        return kind.severities.count == 1 ? name : "\(name) (severity \(severity) of 10)"
    }

    /// The picture as the faulty camera sends it.
    func applied(to image: Image, seed: UInt64) throws -> Image {
        let level = Double(severity) / 2
        switch kind {
        case .smearedLens:
            let divisor = 2 + 2 * severity
            let small = try image.resized(width: max(1, image.width / divisor), height: max(1, image.height / divisor))
            return try small.resized(width: image.width, height: image.height)
        case .blocks:
            let divisor = 3 + 2 * severity
            let (w, h) = (max(1, image.width / divisor), max(1, image.height / divisor))
            let small = try image.resized(width: w, height: h)
            return try mapped(image) { x, y, c, _ in
                let (column, row) = (min(w - 1, x * w / image.width), min(h - 1, y * h / image.height))
                return Double(small.pixels[(row * w + column) * 3 + c])
            }
        case .amberLamp:
            let gain = [1 + 0.15 * level, 1 - 0.05 * level, 1 - 0.2 * level]
            return try mapped(image) { _, _, c, value in value * gain[c] + 10 * level * gain[c] }
        case .darkExposure: return try mapped(image) { _, _, _, value in value * 0.5 / (level + 0.5) }
        case .mist: return try mapped(image) { _, _, _, value in 150 + (value - 128) * (0.55 - 0.1 * level) }
        case .noise:
            var generator = SeededGenerator(seed: seed)
            return try mapped(image) { _, _, _, value in value + 80 * level * (generator.uniform() - 0.5) }
        case .hangingCamera:
            return try mapped(image) { x, y, c, _ in
                Double(image.pixels[((image.height - 1 - y) * image.width + image.width - 1 - x) * 3 + c])
            }
        case .swappedColors:
            return try mapped(image) { x, y, c, _ in Double(image.pixels[(y * image.width + x) * 3 + 2 - c]) }
        }
    }

    private func mapped(
        _ image: Image, _ change: (_ x: Int, _ y: Int, _ channel: Int, _ value: Double) -> Double
    ) throws -> Image {
        var pixels = image.pixels
        var i = 0
        for y in 0..<image.height {
            for x in 0..<image.width {
                for channel in 0..<3 {
                    pixels[i] = UInt8(min(255, max(0, change(x, y, channel, Double(pixels[i])).rounded())))
                    i += 1
                }
            }
        }
        return try Image(width: image.width, height: image.height, pixels: pixels)
    }
}
