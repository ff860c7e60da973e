import Foundation
import MLOpsTensor
import Testing

@Suite struct ElementFunctionTests {
    static let functions: [(ElementFunction, @Sendable (Double) -> Double)] = [
        (.clamp(-1, 2), { min(max($0, -1), 2) }), (.affine(2, -0.5), { 2 * $0 - 0.5 }),
        (.hardSwish(1 / 6, 0.5), { $0 * min(max($0 / 6 + 0.5, 0), 1) }),
        (.hardSigmoid(0.2, 0.5), { min(max(0.2 * $0 + 0.5, 0), 1) }), (.leaky(0.1), { $0 < 0 ? 0.1 * $0 : $0 }),
        (.exponential, { exp($0) }), (.logistic, { 1 / (1 + exp(-$0)) }), (.swish(1), { $0 / (1 + exp(-$0)) }),
        (.swish(1.702), { $0 / (1 + exp(-1.702 * $0)) }), (.hyperbolicTangent, { tanh($0) }),
        (.errorFunction, { erf($0) }), (.gelu, { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }),
        (.geluByTangent, { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
    ]

    /// Numbers of every size: dense from −12 to 12, and in steps of a share to 10⁻⁶ and 80.
    static let points: [Float] =
        (-24_000...24_000).map { Float($0) / 2000 }
        + (0..<400).flatMap { step -> [Float] in
            let size = 80 * powf(0.955, Float(step))
            return [size, -size]
        }

    @Test(arguments: functions.indices)
    func aFunctionIsWithinAFewRoundingsOfItsDefinition(index: Int) throws {
        let (function, exact) = Self.functions[index]
        let x = try Tensor(shape: [Self.points.count], values: Self.points)
        for compute in Samples.computes {
            let y = Samples.unwritten(x.shape)
            compute.map(x, function, into: y)
            for (i, point) in Self.points.enumerated() {
                let expected = exact(Double(point))
                // A share of the value, and for those that end near 0 by a difference, of the argument.
                let allowed = 4e-7 * abs(expected) + 3e-7 * min(abs(Double(point)), 1) + 1e-37
                #expect(abs(Double(y.pointer[i]) - expected) <= allowed, "\(function) at \(point)")
            }
        }
    }

    @Test func endsOfTheNumbersAreKept() throws {
        let x = try Tensor(shape: [6], values: [.infinity, -.infinity, .nan, 89, -87, 88.7])
        for compute in Samples.computes {
            let y = Samples.unwritten([6])
            compute.map(x, .exponential, into: y)
            #expect(y.pointer[0] == .infinity && y.pointer[1] == 0 && y.pointer[2].isNaN && y.pointer[3] == .infinity)
            #expect(y.pointer[4] == 0 && abs(y.pointer[5] / 3.326e38 - 1) < 1e-3)
            compute.map(x, .hyperbolicTangent, into: y)
            #expect(y.pointer[0] == 1 && y.pointer[1] == -1 && y.pointer[2].isNaN)
            compute.map(x, .errorFunction, into: y)
            #expect(y.pointer[0] == 1 && y.pointer[1] == -1 && y.pointer[2].isNaN)
        }
    }

    @Test(arguments: [1, 7, 40]) func rowsAreFinishedByBiasAddendAndFunction(channels: Int) {
        let (x, bias, addend) = (
            Samples.tensor([3, channels]), Samples.tensor([channels], seed: 2), Samples.tensor([3, channels], seed: 3)
        )
        for compute in Samples.computes {
            let y = Samples.unwritten(x.shape)
            compute.finish(x, bias: bias, addend: addend, .relu, into: y)
            for i in 0..<x.count {
                let expected = max(x.pointer[i] + bias.pointer[i % channels] + addend.pointer[i], 0)
                #expect(abs(y.pointer[i] - expected) < 1e-6)
            }
        }
    }

    @Test(arguments: [PairOperation.add, .subtract, .multiply, .divide])
    func pairsAreBroadcast(_ operation: PairOperation) {
        func exact(_ a: Float, _ b: Float) -> Float {
            switch operation {
            case .add: a + b
            case .subtract: a - b
            case .multiply: a * b
            case .divide: a / b
            }
        }
        let shape = [2, 3, 4, 21]
        let strides: [[Int]] = [[252, 84, 21, 1], [0, 0, 0, 1], [3, 1, 0, 0], [0, 0, 0, 0], [0, 84, 21, 1]]
        let (a, b) = (Samples.tensor(shape), Samples.tensor(shape, seed: 2))
        for compute in Samples.computes {
            for (left, right) in strides.flatMap({ left in strides.map { (left, $0) } }) {
                let c = Samples.unwritten(shape)
                let axes = StridedAxes(shape, strides: [left, right, strides[0]])
                compute.combine(operation, axes, a.pointer, b.pointer, into: c.pointer)
                for i in 0..<c.count {
                    let index = [i / 252, i / 84 % 3, i / 21 % 4, i % 21]
                    let (x, y) = (zip(index, left).map(*).reduce(0, +), zip(index, right).map(*).reduce(0, +))
                    #expect(c.pointer[i] == exact(a.pointer[x], b.pointer[y]), "\(left) \(right)")
                }
            }
        }
    }

    @Test func elementsAreCopiedWhereverTheyLie() {
        let shape = [2, 3, 18, 5]
        let from: [[Int]] = [[270, 90, 5, 1], [1, 2, 30, 6], [0, 1, 3, 54], [270, 1, 15, 3]]
        let to: [[Int]] = [[270, 90, 5, 1], [270, 1, 15, 3], [1, 2, 30, 6]]
        let source = Samples.tensor(shape)
        for (read, write) in from.flatMap({ left in to.map { (left, $0) } }) {
            let target = Samples.unwritten(shape)
            Samples.computes[0].copy(StridedCopy(shape, from: read, to: write), source.pointer, into: target.pointer)
            for i in 0..<target.count {
                let index = [i / 270, i / 90 % 3, i / 5 % 18, i % 5]
                let (x, y) = (zip(index, read).map(*).reduce(0, +), zip(index, write).map(*).reduce(0, +))
                #expect(target.pointer[y] == source.pointer[x], "\(read) \(write)")
            }
        }
    }
}
