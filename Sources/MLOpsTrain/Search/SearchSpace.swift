internal import Foundation
internal import MLOpsCore

/// The hyperparameters to search over, as a start value and the properties that vary.
///
/// ```swift
/// let space = try SearchSpace(
///     from: Settings(),
///     [
///         .logUniform(\.learningRate, in: 1e-4...1e-1),
///         .integer(\.layers, in: 2...5),
///         .choice(\.optimizer, [.sgd, .adam]),
///         .uniform(\.momentum, in: 0.5...0.99, when: { $0.optimizer == .sgd }),
///     ])
/// ```
///
/// The space is a cube with one side in 0…1 for each hyperparameter, so a ``SearchStrategy`` need not know their types.
public struct SearchSpace<Parameters: Sendable>: Sendable {
    /// The value whose properties do not vary.
    public let start: Parameters
    /// What varies, in the order of the cube's sides; a condition sees the hyperparameters before it.
    public let hyperparameters: [Hyperparameter<Parameters>]

    /// Makes a space.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when a range is empty or not finite, a logarithmic
    ///   range does not lie above 0, or there is no choice.
    public init(from start: Parameters, _ hyperparameters: [Hyperparameter<Parameters>]) throws {
        for (index, hyperparameter) in hyperparameters.enumerated() {
            if let problem = hyperparameter.problem {
                throw MLOpsError(
                    .invalidArgument, "Hyperparameter \(index) can't be searched: \(problem).",
                    help: "Give a finite range, above 0 if it is logarithmic, and at least one choice.")
            }
        }
        self.start = start
        self.hyperparameters = hyperparameters
    }

    /// The parameters at a point of the cube; coordinates of hyperparameters whose condition fails have no effect.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the point has not one coordinate in 0…1 for each
    ///   hyperparameter.
    public func parameters(at point: [Double]) throws -> Parameters {
        guard point.count == hyperparameters.count, point.allSatisfy({ (0...1).contains($0) }) else {
            throw MLOpsError(
                .invalidArgument, "\(point) is no point of a space of \(hyperparameters.count) hyperparameters.",
                help: "Give one coordinate in 0…1 for each.")
        }
        var parameters = start
        for (hyperparameter, coordinate) in zip(hyperparameters, point) where hyperparameter.isActive(parameters) {
            hyperparameter.set(coordinate, &parameters)
        }
        return parameters
    }

    /// The points of the full grid: every combination once, the last hyperparameter varying fastest.
    ///
    /// A hyperparameter whose condition fails does not multiply the points.
    ///
    /// - Parameters:
    ///   - levels: how many values of a continuous hyperparameter are taken, evenly, with both ends.
    ///   - limit: the greatest allowed number of points.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `limitExceeded` when there are more.
    public func grid(levels: Int, limit: Int = 100_000) throws -> [[Double]] {
        var partial: [(point: [Double], parameters: Parameters)] = [([], start)]
        for hyperparameter in hyperparameters {
            var next: [(point: [Double], parameters: Parameters)] = []
            for (point, parameters) in partial {
                guard hyperparameter.isActive(parameters) else {
                    next.append((point + [0], parameters))
                    continue
                }
                let coordinates = hyperparameter.coordinates(levels: levels, limit: min(max(limit, 0), 1 << 40) + 1)
                guard next.count + coordinates.count <= limit else {
                    throw MLOpsError(
                        .limitExceeded, "The grid has more than \(limit) points.",
                        help: "Take fewer levels or choices, or search at random.")
                }
                for coordinate in coordinates {
                    var parameters = parameters
                    hyperparameter.set(coordinate, &parameters)
                    next.append((point + [coordinate], parameters))
                }
            }
            partial = next
        }
        return partial.map(\.point)
    }
}
