internal import Foundation
public import MLOpsCore

/// Shows which parts of a picture a prediction rests on: how much the score falls when each part is covered.
///
/// Works with any model, since it only predicts. Source: M. D. Zeiler, R. Fergus, "Visualizing and understanding
/// convolutional networks", ECCV 2014, §4.2.
public struct OcclusionExplainer: Sendable {
    /// The order of a picture's dimensions.
    public enum Layout: Sendable, Hashable, Codable {
        /// [1, channels, height, width]
        case channelsFirst
        /// [1, height, width, channels]
        case channelsLast
    }

    /// The order of the input's dimensions.
    public var layout: Layout
    /// The side of the square that covers, in pixels.
    public var window: Int
    /// The pixels by which it moves.
    public var stride: Int
    /// The value that it is filled with; 0 is the mean color of a normalized picture.
    public var fill: Float
    /// The number of pictures predicted at once.
    public var batchSize: Int

    /// Makes an explainer.
    public init(layout: Layout = .channelsFirst, window: Int, stride: Int, fill: Float = 0, batchSize: Int = 16) {
        self.layout = layout
        self.window = window
        self.stride = stride
        self.fill = fill
        self.batchSize = batchSize
    }

    /// Explains the score of one class.
    ///
    /// - Parameters:
    ///   - picture: a tensor of floats whose first dimension is 1, for the model's only input.
    ///   - classIndex: the index of the class in a row of the model's first output.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the picture, the class or a setting does not fit;
    ///   `limitExceeded` for more than 65 536 places of the square; what the model throws.
    public func explain(
        _ picture: TensorValue, classIndex: Int, with predictor: any Predictor
    ) async throws -> OcclusionMap {
        guard let input = predictor.signature.inputs.first, predictor.signature.inputs.count == 1,
            let output = predictor.signature.outputs.first
        else { throw misfit("A model with inputs \(predictor.signature.inputs.map(\.name)) can't be explained so.") }
        guard picture.shape.count == 4, picture.shape[0] == 1, window >= 1, stride >= 1, batchSize >= 1 else {
            throw misfit(
                "A picture of shape \(picture.shape) with window \(window), stride \(stride), batch \(batchSize) is not "
                    + "one to explain.")
        }
        let pixels = try picture.floats()
        let (height, width) =
            layout == .channelsFirst ? (picture.shape[2], picture.shape[3]) : (picture.shape[1], picture.shape[2])
        guard height >= 1, width >= 1 else { throw misfit("A picture of shape \(picture.shape) is empty.") }
        let rows = Array(Swift.stride(from: 0, to: max(1, height - window + stride), by: stride))
        let columns = Array(Swift.stride(from: 0, to: max(1, width - window + stride), by: stride))
        guard rows.count * columns.count <= 65_536 else {
            throw MLOpsError(
                .limitExceeded, "The square would be put at \(rows.count) × \(columns.count) places.",
                help: "Give a larger stride; at most 65 536 places are allowed.")
        }
        func scores(_ pictures: [[Float]]) async throws -> [Float] {
            let tensor = try TensorValue(
                shape: [pictures.count] + picture.shape.dropFirst(), floats: pictures.flatMap(\.self))
            let result = try await predictor.predict([input.name: tensor])
            guard let values = result[output.name], values.shape.count == 2, values.shape[0] == pictures.count,
                values.shape[1] > classIndex, classIndex >= 0
            else { throw misfit("The output '\(output.name)' has no class \(classIndex) for each picture.") }
            let floats = try values.floats()
            return pictures.indices.map { floats[$0 * values.shape[1] + classIndex] }
        }
        let base = try await scores([pixels])[0]
        var importances: [Float] = []
        importances.reserveCapacity(rows.count * columns.count)
        let places = rows.flatMap { row in columns.map { (row, $0) } }
        for start in Swift.stride(from: 0, to: places.count, by: batchSize) {
            try Task.checkCancellation()
            let covered = places[start..<min(places.count, start + batchSize)].map {
                cover(pixels, picture.shape, row: $0.0, column: $0.1)
            }
            importances += try await scores(covered).map { base - $0 }
        }
        return OcclusionMap(
            rows: rows.count, columns: columns.count, importances: importances, score: base, window: window,
            stride: stride)
    }

    private func cover(_ pixels: [Float], _ shape: [Int], row: Int, column: Int) -> [Float] {
        var covered = pixels
        let (channels, height, width) =
            layout == .channelsFirst ? (shape[1], shape[2], shape[3]) : (shape[3], shape[1], shape[2])
        for y in row..<min(row + window, height) {
            for x in column..<min(column + window, width) {
                for channel in 0..<channels {
                    let index =
                        layout == .channelsFirst
                        ? (channel * height + y) * width + x : (y * width + x) * channels + channel
                    covered[index] = fill
                }
            }
        }
        return covered
    }

    private func misfit(_ message: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, message,
            help: "Give a picture [1, …] of floats for a model with one input and an output [batch, classes].")
    }
}

/// How much each part of a picture matters to a score.
public struct OcclusionMap: Sendable, Hashable, Codable {
    /// The number of places from top to bottom.
    public var rows: Int
    /// The number of places from left to right.
    public var columns: Int
    /// The fall of the score when each place is covered, [rows, columns]; negative where covering raises it.
    public var importances: [Float]
    /// The score of the whole picture.
    public var score: Float
    /// The side of the square, in pixels.
    public var window: Int
    /// The pixels between two places.
    public var stride: Int

    /// The place that matters most: its row and column, and the fall of the score.
    public var peak: (row: Int, column: Int, importance: Float)? {
        guard let index = importances.indices.max(by: { importances[$0] < importances[$1] }), columns > 0 else {
            return nil
        }
        return (index / columns, index % columns, importances[index])
    }
}
