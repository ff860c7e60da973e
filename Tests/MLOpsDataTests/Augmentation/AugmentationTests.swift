import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Augmenting pictures") struct AugmentationTests {
    private let image: Image

    init() throws { image = try Fixture.painted(width: 40, height: 30, seed: 3) }

    private static let steps: [AugmentationStep] = [
        .flip(), .verticalFlip(), .crop(area: 0.3...0.8, stretch: 1.5),
        .affine(rotation: 30, scale: 0.8...1.2, shear: 10, translation: 0.1),
        .color(brightness: 0.3, contrast: 0.3, saturation: 0.5, hue: 40), .blur(deviation: 0.5...2),
        .noise(deviation: 2...10), .jpeg(quality: 20...90), .cutout(area: 0.1...0.3),
    ]

    @Test("What happens to a sample depends on seed, epoch and its id alone") func isKeyed() throws {
        let all = try Augmentation(seed: 5, Self.steps)
        let first = try all(image, epoch: 2, sample: "x")
        #expect(try all(image, epoch: 2, sample: "x") == first)
        #expect(try all(image, epoch: 3, sample: "x") != first)
        #expect(try all(image, epoch: 2, sample: "y") != first)
        #expect(try Augmentation(seed: 6, Self.steps)(image, epoch: 2, sample: "x") != first)
        #expect(first.width == 40 && first.height == 30)
        #expect(try all(image, epoch: 2, sample: "x", width: 17, height: 50).height == 50)
    }

    @Test("Each step changes the picture, reads back from JSON, and with values that change nothing leaves every bit")
    func stepsChange() throws {
        for step in Self.steps {
            let augmentation = try Augmentation(seed: 1, [step])
            let changed = try (0..<8).map { try augmentation(image, epoch: $0, sample: "x") }
            #expect(changed.contains { $0 != image }, "\(step)")
            #expect(changed.allSatisfy { $0.width == 40 && $0.height == 30 })
            #expect(Set(changed.map(\.pixels)).count > 1, "\(step)")
            let coded = try CanonicalJSON.decode(Augmentation.self, from: CanonicalJSON.encode(augmentation))
            #expect(coded == augmentation)
        }
        let still: [AugmentationStep] = [
            .flip(probability: 0), .verticalFlip(probability: 0), .crop(area: 1...1), .affine(), .color(),
            .blur(deviation: 0...0), .noise(deviation: 0...0), .jpeg(quality: 1...1, probability: 0),
            .cutout(area: 0...0),
        ]
        #expect(try Augmentation(seed: 1, still)(image, epoch: 0, sample: "x") == image)
    }

    @Test("Mirrors, quarter turns and half turns move pixels exactly") func movesExactly() throws {
        let square = try Fixture.painted(width: 24, height: 24)
        let mirrored = try Augmentation(seed: 1, [.flip(probability: 1)])(square, epoch: 0, sample: "x")
        #expect(mirrored == square.flippedHorizontally())
        let both = try Augmentation(seed: 1, [.flip(probability: 1), .verticalFlip(probability: 1)])
        #expect(try both(square, epoch: 0, sample: "x") == square.turned(.upsideDown))
        #expect(try both(both(square, epoch: 0, sample: "x"), epoch: 1, sample: "x") == square)
    }

    @Test("A crop of the whole at another size is that of resizing, but for the filter") func resizes() throws {
        let picture = try Fixture.landscape(width: 120, height: 90)
        let plain = try Augmentation(seed: 1, [])(picture, epoch: 0, sample: "x", width: 40, height: 30)
        let difference = try plain.difference(to: picture.resized(width: 40, height: 30))
        #expect(difference.mean < 3)
    }

    @Test("Gray stays gray whatever the saturation and the hue") func keepsGray() throws {
        let values = (0..<64).map { UInt8($0 * 4) }
        let gray = try Image(width: 8, height: 8, pixels: values.flatMap { [$0, $0, $0] })
        let augmentation = try Augmentation(seed: 1, [.color(saturation: 1, hue: 180)])
        for epoch in 0..<20 {
            #expect(try augmentation(gray, epoch: epoch, sample: "x").difference(to: gray).largest <= 1)
        }
    }

    @Test("Brightness, contrast and noise are as far as they say") func measuresChanges() throws {
        let even = try Image(width: 100, height: 100, pixels: Array(repeating: 100, count: 30_000))
        let noisy = try Augmentation(seed: 1, [.noise(deviation: 8...8)])(even, epoch: 0, sample: "x")
        let differences = noisy.pixels.map { Double($0) - 100 }
        let mean = differences.reduce(0, +) / 30_000
        let variance = differences.reduce(0) { $0 + $1 * $1 } / 30_000
        #expect(abs(mean) < 0.2 && abs(variance.squareRoot() - 8) < 0.15, "\(mean) \(variance)")
        let lit = try Augmentation(seed: 1, [.color(brightness: 0.2)])
        let values = try (0..<200).map { try lit(even, epoch: $0, sample: "x").pixels[0] }
        let (least, most) = (try #require(values.min()), try #require(values.max()))
        #expect(least >= 80 && least < 84 && most > 116 && most <= 120)
    }

    @Test("Values outside their ranges are refused, from JSON too") func refusesValues() throws {
        let wrong: [AugmentationStep] = [
            .flip(probability: 1.5), .crop(area: 0...1), .crop(area: 0.5...1.1), .affine(scale: 0...1),
            .affine(rotation: 200), .affine(shear: 90), .affine(rotation: .nan), .color(brightness: 2),
            .color(hue: .infinity),
            .blur(deviation: 0...100), .noise(deviation: -1...1), .jpeg(quality: 0...50), .cutout(area: 0...2),
        ]
        for step in wrong { #expect(throws: MLOpsError.self, "\(step)") { try Augmentation(seed: 1, [step]) } }
        let text = Data(#"{"seed":1,"steps":[{"flip":{"probability":3}}]}"#.utf8)
        #expect(throws: MLOpsError.self) { try CanonicalJSON.decode(Augmentation.self, from: text) }
        #expect(throws: MLOpsError.self) { try Augmentation(seed: 1, [])(image, epoch: 0, sample: "x", width: 0) }
    }

    @Test("Boxes, points and masks follow the picture") func targetsFollow() throws {
        // A white rectangle on black: its box, its corners and its mask must still be where it is.
        var picture = try Image(width: 60, height: 40, pixels: Array(repeating: 0, count: 60 * 40 * 3))
        var mask = [UInt8](repeating: 0, count: 60 * 40)
        for y in 10..<22 {
            for x in 20..<44 {
                mask[y * 60 + x] = 7
                for c in 0..<3 { picture.pixels[(y * 60 + x) * 3 + c] = 255 }
            }
        }
        let targets = ImageTargets(
            boxes: [.init(x: 20, y: 10, width: 24, height: 12, label: "dog")], keypoints: [.init(x: 32, y: 16)],
            mask: mask)
        let augmentation = try Augmentation(
            seed: 4,
            [.flip(), .affine(rotation: 25, scale: 0.8...1.1, shear: 8, translation: 0.1), .crop(area: 0.7...1)])
        for epoch in 0..<30 {
            let (image, moved) = try augmentation(picture, targets, epoch: epoch, sample: "x", width: 90, height: 60)
            let white = (0..<90 * 60).filter { image.pixels[$0 * 3] > 127 }
            let (xs, ys) = (white.map { Double($0 % 90) }, white.map { Double($0 / 90) })
            guard let box = moved.boxes.first, let left = xs.min(), let right = xs.max(), let top = ys.min(),
                let bottom = ys.max()
            else { continue }
            // The box holds the rectangle, tightly but for the half pixels of the edge.
            #expect(abs(box.x - left) < 2 && abs(box.x + box.width - right - 1) < 2, "\(box) \(left) \(right)")
            #expect(abs(box.y - top) < 2 && abs(box.y + box.height - bottom - 1) < 2, "\(box) \(top) \(bottom)")
            let different = (0..<90 * 60).count { (moved.mask[$0] == 7) != (image.pixels[$0 * 3] > 127) }
            #expect(different < 150, "\(different)")
            let point = moved.keypoints[0]
            if point.isVisible {
                #expect(image.pixels[(Int(point.y) * 90 + Int(point.x)) * 3] > 200)
                #expect(moved.mask[Int(point.y) * 90 + Int(point.x)] == 7)
            }
        }
        #expect(throws: MLOpsError.self) {
            try augmentation(picture, ImageTargets(mask: [1, 2]), epoch: 0, sample: "x")
        }
    }

    @Test("A box that is mostly cut away is left out; a point out of sight keeps its number") func dropsTargets() throws
    {
        let targets = ImageTargets(
            boxes: [
                .init(x: 0, y: 0, width: 4, height: 4, label: "corner"),
                .init(x: 10, y: 5, width: 20, height: 20, label: "middle"),
            ],
            keypoints: [.init(x: 1, y: 1), .init(x: 20, y: 15)])
        let zoom = try Augmentation(seed: 2, [.affine(scale: 2...2)])
        let moved = try zoom(image, targets, epoch: 0, sample: "x").targets
        #expect(moved.boxes.map(\.label) == ["middle"])
        #expect(moved.keypoints.map(\.isVisible) == [false, true])
        #expect(moved.boxes[0].x == 0 && moved.boxes[0].width == 40)
    }
}
