internal import Foundation
internal import MLOpsCore
package import MLOpsTensor

/// How the pictures of a step are mixed: the first with the last, the second with the last but one, and so on.
///
/// Source: H. Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018.
package struct Mixture: Sendable {
    /// The share of a picture in its own mixture; its partner has the rest.
    package let share: Float

    /// Draws the share from Beta(`alpha`, `alpha`); 0 < `alpha` ≤ 1.
    ///
    /// Source: M. Jöhnk, "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen", Metrika 1964.
    package init(alpha: Double, seed: UInt64, step: Int) {
        var generator = SeededGenerator(seed: seed, SeedPath.mixup, UInt64(step))
        var (a, b) = (0.0, 0.0)
        repeat {
            a = pow(generator.uniform(), 1 / alpha)
            b = pow(generator.uniform(), 1 / alpha)
        } while a + b > 1 || a + b == 0
        share = Float(a / (a + b))
    }

    /// Mixes the pictures [N, …] in place.
    package func mix(_ input: Tensor, compute: Compute) {
        let count = input.shape[0]
        let size = input.count / max(1, count)
        compute.parallel(tasks: count / 2, with: (input, share, count, size)) { work, task in
            let (input, share, count, size) = work
            let (first, last) = (input.pointer + task * size, input.pointer + (count - 1 - task) * size)
            for i in 0..<size {
                let (a, b) = (first[i], last[i])
                first[i] = share * a + (1 - share) * b
                last[i] = share * b + (1 - share) * a
            }
        }
    }
}
