import Foundation
import MLOpsCore
import MLOpsData
import Testing

/// Not a test: draws what each step makes of a photograph, a row of eight samples a step, to be looked at.
///
///     MLOPS_PHOTOGRAPH=cat.jpg MLOPS_CONTACT_SHEET=sheet.png swift test … --filter drawsContactSheet
@Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_CONTACT_SHEET"] != nil))
func drawsContactSheet() throws {
    let environment = ProcessInfo.processInfo.environment
    let photograph = try Data(contentsOf: URL(filePath: try #require(environment["MLOPS_PHOTOGRAPH"])))
    let side = 112
    let image = try ImageInputDecoder().image(from: photograph, width: side, height: side)
    let steps: [[AugmentationStep]] = [
        [.flip()], [.verticalFlip()], [.crop(area: 0.2...0.6, stretch: 1.5)], [.affine(rotation: 30)],
        [.affine(scale: 0.6...1.4)], [.affine(shear: 25)], [.affine(translation: 0.3)], [.color(brightness: 0.5)],
        [.color(contrast: 0.7)], [.color(saturation: 1)], [.color(hue: 90)], [.blur(deviation: 0.5...3)],
        [.noise(deviation: 5...40)], [.jpeg(quality: 3...30)], [.cutout(area: 0.05...0.3)],
        Augmentation.photographs(seed: 1).steps,
    ]
    let rows: [[Image]] = try steps.map { steps in
        let augmentation = try Augmentation(seed: 1, steps)
        return try [image] + (0..<7).map { try augmentation(image, epoch: $0, sample: "photograph") }
    }
    let width = side * 8
    var pixels: [UInt8] = []
    for row in rows {
        for y in 0..<side { for picture in row { pixels += picture.pixels[y * side * 3..<(y + 1) * side * 3] } }
    }
    let sheet = try Image(width: width, height: side * rows.count, pixels: pixels)
    try DurableFile.write(sheet.png(), to: URL(filePath: try #require(environment["MLOPS_CONTACT_SHEET"])))
}
