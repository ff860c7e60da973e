internal import MLOpsCore

/// Random changes that leave a picture's class as it is, to learn more from the same pictures.
///
/// What happens to a sample is fixed by (seed, epoch, sample id): the same at any thread count, in any order, and
/// whatever other samples there are. Steps are applied in their order; neighboring ones that move pixels, and those
/// that recolor them, are joined and read the picture once, so that it is not blurred twice.
public struct Augmentation: Sendable, Hashable, Codable {
    /// The key of chance.
    public var seed: UInt64
    /// What is done, in order.
    public let steps: [AugmentationStep]

    /// Makes an augmentation; throws `invalidArgument` for steps with values outside their ranges.
    public init(seed: UInt64, _ steps: [AugmentationStep]) throws {
        for step in steps { try step.validate() }
        self.seed = seed
        self.steps = steps
    }

    /// Mirrored, cropped, turned and lit in other ways: for photographs without a fixed pose.
    public static func photographs(seed: UInt64) -> Augmentation {
        Augmentation(
            seed: seed,
            checked: [
                .flip(), .crop(area: 0.4...1, stretch: 1.33), .affine(rotation: 12),
                .color(brightness: 0.25, contrast: 0.25, saturation: 0.25, hue: 10),
            ])
    }

    private init(seed: UInt64, checked steps: [AugmentationStep]) {
        self.seed = seed
        self.steps = steps
    }

    private enum CodingKeys: String, CodingKey { case seed, steps }

    /// Reads seed and steps, and checks them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            seed: container.decode(UInt64.self, forKey: .seed),
            container.decode([AugmentationStep].self, forKey: .steps))
    }

    /// The picture as a sample has it in an epoch.
    ///
    /// - Parameters:
    ///   - width: pixels across of the result; `nil` for as many as the picture has.
    ///   - height: pixels down of the result; `nil` for as many as the picture has.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes below 1.
    public func callAsFunction(
        _ image: Image, epoch: Int, sample: String, width: Int? = nil, height: Int? = nil
    ) throws -> Image {
        try render(image, epoch: epoch, sample: sample, width: width, height: height).image
    }

    /// The picture as a sample has it in an epoch, with what is marked in it.
    ///
    /// - Parameters:
    ///   - width: pixels across of the result; `nil` for as many as the picture has.
    ///   - height: pixels down of the result; `nil` for as many as the picture has.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes below 1, or a mask of other sizes than the picture's.
    public func callAsFunction(
        _ image: Image, _ targets: ImageTargets, epoch: Int, sample: String, width: Int? = nil, height: Int? = nil
    ) throws -> (image: Image, targets: ImageTargets) {
        try targets.check(for: image)
        let rendering = try render(image, epoch: epoch, sample: sample, width: width, height: height)
        let map = rendering.whole
        return (
            rendering.image,
            targets.moved(
                by: map, from: (image.width, image.height), to: (rendering.image.width, rendering.image.height))
        )
    }

    private func render(
        _ image: Image, epoch: Int, sample: String, width: Int?, height: Int?
    ) throws -> AugmentationRendering {
        let key = Self.key(of: sample)
        var rendering = try AugmentationRendering(image, width: width ?? image.width, height: height ?? image.height)
        for (place, step) in steps.enumerated() {
            var chance = SeededGenerator(
                seed: seed, UInt64(truncatingIfNeeded: epoch), key, UInt64(truncatingIfNeeded: place))
            try rendering.apply(step, using: &chance)
        }
        try rendering.finish()
        return rendering
    }

    /// A sample's place in the paths of chance.
    ///
    /// Source: FNV-1a of 64 bits; G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV non-cryptographic hash
    /// algorithm", RFC 9923.
    static func key(of sample: String) -> UInt64 {
        sample.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
