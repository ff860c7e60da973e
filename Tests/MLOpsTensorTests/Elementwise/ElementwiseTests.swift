import Foundation
import MLOpsTensor
import Testing

@Suite struct ElementwiseTests {
    @Test(arguments: [1, 3, 5, 17, 64, 40_000])
    func operationsOnElementsAreTheirDefinitions(count: Int) {
        let (a, b) = (Samples.tensor([count]), Samples.tensor([count], seed: 2))
        for compute in Samples.computes {
            let (c, expected) = (Samples.unwritten([count]), Tensor(shape: [count]))
            compute.relu(a, into: c)
            Reference.relu(a, into: expected)
            #expect(c.values == expected.values)
            compute.reluBackward(a, b, into: c)
            Reference.reluBackward(a, b, into: expected)
            #expect(c.values == expected.values)
            compute.add(a, b, into: c)
            Reference.add(a, b, into: expected)
            #expect(c.values == expected.values)
            compute.multiply(a, b, into: c)
            Reference.multiply(a, b, into: expected)
            #expect(c.values == expected.values)
        }
    }

    @Test func reluKeepsNaN() {
        for compute in Samples.computes {
            let x = Samples.unwritten([20])
            compute.relu(x, into: x)
            #expect(x.values.allSatisfy { $0.isNaN })
        }
    }

    @Test(arguments: Activation.allCases)
    func anActivationIsItsDefinitionAndItsGradientItsSlope(_ activation: Activation) throws {
        let points: [Float] = [-9, -3, -1.2, -0.3, 0.2, 0.9, 3.1, 5.8, 6.3, 40]
        func exact(_ x: Double) -> Double {
            switch activation {
            case .relu6: min(max(x, 0), 6)
            case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
            case .silu: x / (1 + exp(-x))
            }
        }
        let x = try Tensor(shape: [points.count], values: points)
        let (y, dy, dx) = (Samples.unwritten(x.shape), Tensor(shape: x.shape), Samples.unwritten(x.shape))
        dy.fill(2)
        for compute in Samples.computes {
            compute.activate(x, activation, into: y)
            compute.activateBackward(dy, x, activation, into: dx)
            for (i, point) in points.map(Double.init).enumerated() {
                let slope = (exact(point + 1e-4) - exact(point - 1e-4)) / 2e-4
                #expect(abs(Double(y.pointer[i]) - exact(point)) < 1e-5)
                #expect(abs(Double(dx.pointer[i]) - 2 * slope) < 1e-5, "\(point)")
            }
        }
    }
}
