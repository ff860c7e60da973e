/// How a picture becomes a network's input; one value used in training, in the exported model and in serving.
///
/// First the picture is resized to `width` × `height`, then each channel c becomes
/// (pixel / 255 − mean[c]) / standardDeviation[c].
public struct ImagePreprocessing: Sendable, Hashable, Codable {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int
    /// The mean of each of red, green and blue, in 0…1.
    public var mean: [Float]
    /// The standard deviation of each of red, green and blue, in 0…1; above 0.
    public var standardDeviation: [Float]

    /// The greatest number of pixels across or down.
    private static let greatestSide = 1 << 15

    /// Makes a preprocessing; throws `invalidArgument` for sizes that are not 1 to 32768, or channel values that are not 3 or not > 0.
    public init(
        width: Int, height: Int, mean: [Float] = [0.485, 0.456, 0.406],
        standardDeviation: [Float] = [0.229, 0.224, 0.225]
    ) throws {
        let sides = 1...Self.greatestSide
        guard sides.contains(width), sides.contains(height), mean.count == 3, standardDeviation.count == 3,
            standardDeviation.allSatisfy({ $0 > 0 && $0.isFinite }), mean.allSatisfy(\.isFinite)
        else {
            throw MLOpsError(
                .invalidArgument,
                "Preprocessing to \(width) × \(height) with mean \(mean) and deviation \(standardDeviation) can't be done.",
                help: "Give sizes of 1 to 32768, three means, and three deviations above 0.")
        }
        self.width = width
        self.height = height
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Reads a preprocessing; throws as ``init(width:height:mean:standardDeviation:)`` does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            width: container.decode(Int.self, forKey: .width), height: container.decode(Int.self, forKey: .height),
            mean: container.decode([Float].self, forKey: .mean),
            standardDeviation: container.decode([Float].self, forKey: .standardDeviation))
    }
}
