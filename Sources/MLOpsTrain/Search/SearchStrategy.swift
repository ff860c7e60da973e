internal import MLOpsCore

/// Chooses the points of the search space that the trials try.
///
/// Promises of a conformer: the point at an index depends on its own properties, the index and the space alone, not on
/// the limit, so that trials may run in any order, on any number of workers, and again after a stop. There are fewer
/// points than asked for only when there are no more.
public protocol SearchStrategy: Sendable {
    /// The points of the first trials, at most `limit`: one coordinate in 0…1 for each hyperparameter.
    func points<Parameters>(of space: SearchSpace<Parameters>, limit: Int) throws -> [[Double]]
}

/// Tries points at random.
///
/// Source: J. Bergstra, Y. Bengio, "Random search for hyper-parameter optimization", JMLR 2012.
public struct RandomSearch: SearchStrategy, Hashable {
    /// The seed of the points.
    public var seed: UInt64

    /// Makes a random search.
    public init(seed: UInt64) { self.seed = seed }

    /// The points of the first trials; there are always more.
    public func points<Parameters>(of space: SearchSpace<Parameters>, limit: Int) -> [[Double]] {
        (0..<max(0, limit)).map { trial in
            var generator = SeededGenerator(seed: seed, UInt64(trial))
            return space.hyperparameters.map { _ in generator.uniform() }
        }
    }
}

/// Tries every combination once: each choice and whole number, and some levels of each continuous range.
public struct GridSearch: SearchStrategy, Hashable {
    /// How many values of a continuous hyperparameter are taken, evenly, with both ends.
    public var levels: Int

    /// Makes a grid search.
    public init(levels: Int = 3) { self.levels = levels }

    /// The points of the first trials, the last hyperparameter fastest; see ``SearchSpace/grid(levels:limit:)``.
    public func points<Parameters>(of space: SearchSpace<Parameters>, limit: Int) throws -> [[Double]] {
        Array(try space.grid(levels: levels).prefix(max(0, limit)))
    }
}
