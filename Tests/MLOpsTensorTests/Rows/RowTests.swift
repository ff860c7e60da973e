import Foundation
import MLOpsTensor
import Testing

@Suite struct RowTests {
    @Test(arguments: [1, 5, 16, 37, 200]) func softmaxRowsAreTheirDefinition(columns: Int) {
        let x = Samples.tensor([7, columns])
        for i in 0..<x.count { x.pointer[i] *= 20 }
        for compute in Samples.computes {
            let y = Samples.unwritten(x.shape)
            compute.softmaxRows(x, into: y)
            for row in 0..<7 {
                let values = (0..<columns).map { Double(x.pointer[row * columns + $0]) }
                let sum = values.reduce(0) { $0 + exp($1) }
                for (i, value) in values.enumerated() {
                    #expect(abs(Double(y.pointer[row * columns + i]) - exp(value) / sum) < 1e-6)
                }
            }
        }
    }

    @Test(arguments: [1, 5, 16, 37, 384]) func normalizedRowsAreTheirDefinition(columns: Int) {
        let x = Samples.tensor([9, columns])
        for i in 0..<x.count { x.pointer[i] = x.pointer[i] * 3 + 5 }
        let (scale, shift) = (Samples.tensor([columns], seed: 2), Samples.tensor([columns], seed: 3))
        for compute in Samples.computes {
            let (y, z) = (Samples.unwritten(x.shape), Samples.unwritten(x.shape))
            compute.layerNorm(x, scale: scale, shift: shift, epsilon: 1e-3, into: y)
            compute.rootMeanSquareNorm(x, scale: scale, epsilon: 1e-3, into: z)
            for row in 0..<9 {
                let values = (0..<columns).map { Double(x.pointer[row * columns + $0]) }
                let mean = values.reduce(0, +) / Double(columns)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
                let square = values.reduce(0) { $0 + $1 * $1 } / Double(columns)
                for (i, value) in values.enumerated() {
                    let (w, s) = (Double(scale.pointer[i]), Double(shift.pointer[i]))
                    let place = row * columns + i
                    #expect(
                        abs(Double(y.pointer[place]) - ((value - mean) / (variance + 1e-3).squareRoot() * w + s)) < 3e-5
                    )
                    #expect(abs(Double(z.pointer[place]) - value / (square + 1e-3).squareRoot() * w) < 3e-6)
                }
            }
        }
    }
}
