import Foundation
import MLOpsCore
import MLOpsData

/// Draws what a camera of the park sees: procedural pictures, so that the example needs no photographs.
struct ParkPainter {
    /// Pixels across and down.
    var size = 96

    /// The picture of a scene.
    func picture(of scene: ParkScene) throws -> Image {
        var chance = SeededGenerator(seed: scene.seed)
        var noise = SeededGenerator(seed: scene.seed, UInt64(scene.frame))
        var canvas = background(scene, &chance)
        let pose = Pose(
            x: chance.uniform(in: 0.34...0.66) + 0.01 * noise.uniform(in: -1...1),
            y: chance.uniform(in: 0.52...0.68) + 0.01 * noise.uniform(in: -1...1),
            scale: chance.uniform(in: 0.62...1.05), facing: chance.uniform() < 0.5 ? -1 : 1,
            coat: coat(&chance))
        switch scene.pet {
        case .cat: paintCat(pose, on: &canvas, &chance)
        case .dog: paintDog(pose, on: &canvas, &chance)
        }
        if chance.uniform() < 0.35 { paintBush(on: &canvas, &chance) }
        develop(scene, &canvas, &chance, &noise)
        return try canvas.image()
    }

    /// Where the animal stands, how large, which way it faces, and its coat.
    struct Pose {
        var x: Double
        var y: Double
        var scale: Double
        var facing: Double
        var coat: Color

        /// A point of the animal, from its middle; x runs ahead, y runs down.
        func at(_ ahead: Double, _ down: Double) -> (x: Double, y: Double) {
            (x + facing * ahead * scale, y + down * scale)
        }
    }

    private func background(_ scene: ParkScene, _ chance: inout SeededGenerator) -> Canvas {
        let horizon = chance.uniform(in: 0.22...0.38)
        let (sky, ground): (Color, Color) =
            switch scene.camera {
            case "fountain": (Color(0.75, 0.80, 0.85), Color(0.62, 0.58, 0.50))
            case "north-gate": (Color(0.60, 0.70, 0.82), Color(0.35, 0.52, 0.26))
            case "olive-grove": (Color(0.66, 0.74, 0.70), Color(0.48, 0.50, 0.28))
            default: (Color(0.50, 0.72, 0.90), Color(0.80, 0.74, 0.60))
            }
        let slope = chance.uniform(in: -0.08...0.08)
        let (wave, phase) = (chance.uniform(in: 5...14), chance.uniform(in: 0...6))
        var canvas = Canvas(width: size, height: size) { x, y in
            let edge = horizon + slope * (x - 0.5)
            if y < edge { return sky.mixed(with: Color(1, 1, 1), 0.4 * y / max(0.05, edge)) }
            let ripple = 0.06 * sin(wave * x + phase) * sin(1.7 * wave * y + phase)
            return ground.mixed(with: Color(0.2, 0.2, 0.12), 0.3 * (y - edge) + ripple)
        }
        for _ in 0..<3 {
            let x = chance.uniform()
            let trunk = chance.uniform(in: 0.02...0.04)
            canvas.stroke(Color(0.3, 0.22, 0.15), from: (x, horizon + 0.08), to: (x, 0.05), thickness: trunk)
            canvas.ellipse(
                Color(0.18, chance.uniform(in: 0.3...0.5), 0.15), at: (x, chance.uniform(in: 0.02...0.16)),
                radii: (chance.uniform(in: 0.08...0.16), chance.uniform(in: 0.07...0.12)))
        }
        return canvas
    }

    private func coat(_ chance: inout SeededGenerator) -> Color {
        let coats = [
            Color(0.85, 0.55, 0.25), Color(0.25, 0.22, 0.2), Color(0.9, 0.88, 0.84), Color(0.55, 0.52, 0.5),
            Color(0.5, 0.34, 0.2), Color(0.75, 0.65, 0.5),
        ]
        let base = coats[chance.integer(below: coats.count)]
        return base.mixed(with: Color(chance.uniform(), chance.uniform(), chance.uniform()), 0.12)
    }

    private func paintBush(on canvas: inout Canvas, _ chance: inout SeededGenerator) {
        let x = chance.uniform(in: 0.1...0.9)
        for _ in 0..<4 {
            canvas.ellipse(
                Color(0.15, chance.uniform(in: 0.32...0.48), 0.12),
                at: (x + chance.uniform(in: -0.1...0.1), chance.uniform(in: 0.86...1)),
                radii: (chance.uniform(in: 0.08...0.14), chance.uniform(in: 0.06...0.13)))
        }
    }

    /// Light, haze and sensor noise; at night an infra-red lamp sees in grey.
    private func develop(
        _ scene: ParkScene, _ canvas: inout Canvas, _ chance: inout SeededGenerator, _ noise: inout SeededGenerator
    ) {
        let gain = chance.uniform(in: 0.7...1.2)
        let haze = chance.uniform(in: 0...0.25)
        let grain = scene.isNight ? 0.09 : 0.03
        canvas.adjust { color in
            var c = color.mixed(with: Color(0.8, 0.8, 0.8), haze)
            if scene.isNight {
                let grey = 0.55 * (0.45 * c.red + 0.4 * c.green + 0.15 * c.blue)
                c = Color(0.9 * grey, grey, 0.92 * grey)
            }
            let n = grain * (noise.uniform() + noise.uniform() - 1)
            return Color(c.red * gain + n, c.green * gain + n, c.blue * gain + n)
        }
    }
}
