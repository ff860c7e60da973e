internal import MLOpsCore
internal import MLOpsTensor

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Random numbers of a distribution. With a seed they are the same in every run; the generator is not ONNX Runtime's.
struct RandomDistribution: Sendable {
    /// The kinds of distributions.
    enum Kind: Sendable { case uniform, normal }

    private let kind: Kind
    private let first: Double
    private let second: Double
    private let seed: UInt64?
    /// The type of the numbers, where it is stated.
    let elementType: ElementType?

    /// Reads the parameters of a distribution, `seed` and `dtype`.
    init(_ node: inout NodeReader, _ kind: Kind) throws {
        self.kind = kind
        switch kind {
        case .uniform: (first, second) = (Double(try node.float("low") ?? 0), Double(try node.float("high") ?? 1))
        case .normal: (first, second) = (Double(try node.float("mean") ?? 0), Double(try node.float("scale") ?? 1))
        }
        seed = try node.float("seed").map { UInt64($0.bitPattern) }
        elementType = try node.int("dtype").map { try ElementType(onnx: $0, in: "the result") }
        if let elementType { _ = try elementType.real() }
    }

    /// A generator: of the seed, or of another one in each run.
    static func generator(_ seed: UInt64?) -> SeededGenerator {
        SeededGenerator(seed: seed ?? UInt64.random(in: 0...UInt64.max))
    }

    /// A tensor of random numbers.
    func tensor(_ shape: [Int], _ type: ElementType, in context: RunContext) throws -> Value {
        var generator = Self.generator(seed)
        let numbers = try context.make(.float64, shape, as: Double.self) { target in
            for i in target.indices {
                switch kind {
                case .uniform: target[i] = first + (second - first) * generator.uniform()
                case .normal:
                    // Box and Muller, "A note on the generation of random normal deviates", 1958.
                    let radius = (-2 * log(1 - generator.uniform())).squareRoot()
                    target[i] = first + second * radius * cos(2 * Double.pi * generator.uniform())
                }
            }
        }
        return try numbers.converted(to: type, in: context)
    }
}
