import MLOpsCore
import MLOpsTestKit
import MLOpsTrain
import Testing

@Suite("SearchSpace")
struct SearchSpaceTests {
    enum Optimizer: String, Codable, Sendable { case sgd, adam }

    struct Settings: Codable, Hashable, Sendable {
        var rate: Float = 0
        var layers = 0
        var optimizer = Optimizer.adam
        var momentum = -1.0
    }

    static func space() throws -> SearchSpace<Settings> {
        try SearchSpace(
            from: Settings(),
            [
                .logUniform(\.rate, in: 1e-4...1e-2), .integer(\.layers, in: 2...6, step: 2),
                .choice(\.optimizer, [.sgd, .adam]),
                .uniform(\.momentum, in: 0.5...0.9, when: { $0.optimizer == .sgd }),
            ])
    }

    @Test("strategies keep their promises")
    func passesTheExam() throws {
        try SearchStrategyExam(RandomSearch(seed: 4)).run()
        try SearchStrategyExam(GridSearch(levels: 3)).run()
        try SearchStrategyExam(GridSearch(levels: 1)).run()
    }

    @Test("the grid is the cartesian product, each combination once, and a failed condition multiplies nothing")
    func enumeratesTheGrid() throws {
        let space = try Self.space()
        let found = try space.grid(levels: 3).map { try space.parameters(at: $0) }
        var expected: [Settings] = []
        for rate in [1e-4, 1e-3, 1e-2] as [Float] {
            for layers in [2, 4, 6] {
                for momentum in [0.5, 0.7, 0.9] {
                    expected.append(Settings(rate: rate, layers: layers, optimizer: .sgd, momentum: momentum))
                }
                expected.append(Settings(rate: rate, layers: layers, optimizer: .adam))
            }
        }
        #expect(found.count == 36 && Set(found).count == 36)
        for (a, b) in zip(found, expected) {
            #expect(abs(a.rate - b.rate) <= 1e-6 * b.rate && a.layers == b.layers && a.optimizer == b.optimizer)
            #expect(abs(a.momentum - b.momentum) < 1e-15)
        }
    }

    @Test("random points fill each range: logarithmic ones by factors, whole numbers and choices evenly")
    func drawsAtRandom() throws {
        let space = try Self.space()
        let found = try RandomSearch(seed: 1).points(of: space, limit: 3000).map { try space.parameters(at: $0) }
        #expect(found.allSatisfy { (1e-4...1e-2).contains($0.rate) && [2, 4, 6].contains($0.layers) })
        #expect(found.allSatisfy { $0.optimizer == .sgd ? (0.5...0.9).contains($0.momentum) : $0.momentum == -1 })
        #expect(abs(found.count { $0.rate < 1e-3 } - 1500) < 120)
        for layers in [2, 4, 6] { #expect(abs(found.count { $0.layers == layers } - 1000) < 120) }
        #expect(abs(found.count { $0.optimizer == .sgd } - 1500) < 120)
    }

    @Test("the ends of the cube are the ends of the ranges")
    func meetsTheEnds() throws {
        let space = try Self.space()
        #expect(
            try space.parameters(at: [0, 0, 0, 0]) == Settings(rate: 1e-4, layers: 2, optimizer: .sgd, momentum: 0.5))
        #expect(try space.parameters(at: [1, 1, 1, 1]) == Settings(rate: 1e-2, layers: 6, optimizer: .adam))
    }

    @Test("spaces and points that can't be are refused")
    func refuses() async throws {
        let bad: [Hyperparameter<Settings>] = [
            .logUniform(\.rate, in: 0...1), .uniform(\.momentum, in: 0...(.infinity)), .choice(\.optimizer, []),
            .integer(\.layers, in: 1...3, step: 0), .integer(\.layers, in: Int.min...Int.max),
        ]
        for hyperparameter in bad {
            await expectError(.invalidArgument) { _ = try SearchSpace(from: Settings(), [hyperparameter]) }
        }
        let space = try Self.space()
        for point in [[], [0, 0, 0], [0, 0, 0, 1.1], [0, 0, 0, .nan]] {
            await expectError(.invalidArgument) { _ = try space.parameters(at: point) }
        }
        await expectError(.limitExceeded) { _ = try space.grid(levels: 1000, limit: 500) }
    }
}
