public import MLOpsTrain

/// Checks the promises of an ``MLOpsTrain/SearchStrategy``.
public struct SearchStrategyExam: Sendable {
    private struct Settings: Sendable {
        var rate = 0.1
        var layers = 2
        var usesMomentum = false
        var momentum = 0.0
    }

    private let strategy: any SearchStrategy

    /// Makes an exam.
    public init(_ strategy: any SearchStrategy) { self.strategy = strategy }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() throws {
        let space = try SearchSpace(
            from: Settings(),
            [
                .logUniform(\.rate, in: 1e-4...1), .integer(\.layers, in: 1...3),
                .choice(\.usesMomentum, [false, true]),
                .uniform(\.momentum, in: 0...0.9, when: { $0.usesMomentum }),
            ])
        let points = try strategy.points(of: space, limit: 12)
        try require(!points.isEmpty && points.count <= 12, "at most the 12 points asked for, not \(points.count)")
        for point in points { _ = try space.parameters(at: point) }
        try require(try strategy.points(of: space, limit: 12) == points, "the same points when asked again")
        let fewer = try strategy.points(of: space, limit: 5)
        try require(fewer == Array(points.prefix(5)), "the point at an index does not depend on the limit")
        try require(try strategy.points(of: space, limit: 0).isEmpty, "no points when none are asked for")
        let fixed = try SearchSpace(from: Settings(), [])
        try require(
            try strategy.points(of: fixed, limit: 1).allSatisfy(\.isEmpty),
            "points of a space without hyperparameters have no coordinates")
    }
}
