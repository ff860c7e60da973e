import Foundation
import MLOpsCore

extension ParkPainter {
    /// A cat: pointed ears, round flat face, slim body, long tail that curls up.
    func paintCat(_ pose: Pose, on canvas: inout Canvas, _ chance: inout SeededGenerator) {
        let s = pose.scale
        let dark = pose.coat.mixed(with: Color(0, 0, 0), 0.3)
        let curl = chance.uniform(in: 0.10...0.26)
        var last = pose.at(-0.2, 0.05)
        for i in 1...8 {
            let t = Double(i) / 8
            let next = pose.at(-0.2 - 0.14 * sin(t * 2.2), 0.05 - t * (0.18 + curl))
            canvas.stroke(pose.coat, from: last, to: next, thickness: 0.035 * s)
            last = next
        }
        for ahead in [-0.17, -0.1, 0.08, 0.14] {
            canvas.stroke(
                dark, from: pose.at(ahead, 0.1), to: pose.at(ahead + 0.02 * chance.uniform(in: -1...1), 0.25),
                thickness: 0.04 * s)
        }
        canvas.ellipse(pose.coat, at: pose.at(-0.02, 0.06), radii: (0.22 * s, 0.095 * s))
        if chance.uniform() < 0.5 {
            for stripe in stride(from: -0.14, through: 0.1, by: 0.06) {
                canvas.stroke(
                    dark, from: pose.at(stripe, -0.01), to: pose.at(stripe + 0.01, 0.09), thickness: 0.015 * s)
            }
        }
        let head = pose.at(0.2, -0.08)
        for side in [-1.0, 1.0] {
            let base = (x: head.x + side * 0.06 * s, y: head.y - 0.06 * s)
            canvas.triangle(
                pose.coat, (base.x - 0.04 * s, base.y + 0.02 * s), (base.x + 0.04 * s, base.y + 0.02 * s),
                (base.x + side * 0.025 * s, base.y - 0.09 * s))
        }
        canvas.ellipse(pose.coat, at: head, radii: (0.105 * s, 0.092 * s))
        for side in [-1.0, 1.0] {
            let eye = (x: head.x + side * 0.042 * s, y: head.y - 0.015 * s)
            canvas.ellipse(Color(0.65, 0.8, 0.2), at: eye, radii: (0.022 * s, 0.018 * s))
            canvas.ellipse(Color(0.05, 0.05, 0.05), at: eye, radii: (0.008 * s, 0.017 * s))
            for lift in [-0.01, 0.015] {
                canvas.stroke(
                    Color(0.9, 0.9, 0.9), from: (head.x + side * 0.03 * s, head.y + 0.035 * s),
                    to: (head.x + side * 0.13 * s, head.y + (0.035 + lift) * s), thickness: 0.006)
            }
        }
        canvas.ellipse(Color(0.85, 0.5, 0.5), at: (head.x, head.y + 0.028 * s), radii: (0.014 * s, 0.01 * s))
    }

    /// A dog: hanging ears, long snout, deep chest, short tail.
    func paintDog(_ pose: Pose, on canvas: inout Canvas, _ chance: inout SeededGenerator) {
        let s = pose.scale
        let dark = pose.coat.mixed(with: Color(0, 0, 0), 0.35)
        let wag = chance.uniform(in: -0.06...0.06)
        canvas.stroke(
            pose.coat, from: pose.at(-0.22, 0.0), to: pose.at(-0.31 + wag, -0.11 - abs(wag)), thickness: 0.04 * s)
        for ahead in [-0.19, -0.12, 0.1, 0.17] {
            canvas.stroke(
                dark, from: pose.at(ahead, 0.08), to: pose.at(ahead + 0.02 * chance.uniform(in: -1...1), 0.28),
                thickness: 0.055 * s)
        }
        canvas.ellipse(pose.coat, at: pose.at(-0.04, 0.04), radii: (0.235 * s, 0.115 * s))
        canvas.ellipse(pose.coat, at: pose.at(0.13, 0.03), radii: (0.12 * s, 0.13 * s))
        canvas.stroke(pose.coat, from: pose.at(0.15, 0), to: pose.at(0.21, -0.12), thickness: 0.12 * s)
        let head = pose.at(0.22, -0.14)
        canvas.ellipse(pose.coat, at: head, radii: (0.095 * s, 0.085 * s))
        let snout = pose.at(0.33, -0.115)
        canvas.ellipse(
            pose.coat.mixed(with: Color(1, 1, 1), 0.12), at: snout, radii: (0.085 * s, 0.045 * s),
            angle: 0.15 * pose.facing)
        canvas.ellipse(Color(0.06, 0.05, 0.05), at: pose.at(0.405, -0.125), radii: (0.022 * s, 0.018 * s))
        let droop = chance.uniform(in: 0.08...0.13)
        canvas.ellipse(
            dark, at: pose.at(0.165, -0.135 + droop / 2), radii: (0.038 * s, droop * s), angle: 0.25 * pose.facing)
        canvas.ellipse(Color(0.08, 0.05, 0.03), at: pose.at(0.25, -0.165), radii: (0.015 * s, 0.016 * s))
        if chance.uniform() < 0.4 {
            canvas.stroke(
                Color(0.9, 0.45, 0.5), from: pose.at(0.355, -0.08), to: pose.at(0.36, -0.03), thickness: 0.028 * s)
        }
        if chance.uniform() < 0.5 {
            canvas.stroke(
                Color(0.75, 0.15, 0.15), from: pose.at(0.12, -0.07), to: pose.at(0.24, -0.045), thickness: 0.026 * s)
        }
    }
}
