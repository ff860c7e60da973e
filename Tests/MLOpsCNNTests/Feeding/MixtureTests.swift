import MLOpsCNN
import MLOpsTensor
import Testing

@Suite("Mixture")
struct MixtureTests {
    @Test("pictures are mixed with their partner by the share, and what is in the middle stays")
    func mixesPairs() {
        let mixture = Mixture(alpha: 0.7, seed: 3, step: 4)
        let input = Tensor(shape: [3, 2])
        for i in 0..<6 { input.pointer[i] = Float(i) }
        mixture.mix(input, compute: Compute(threads: 2))
        let share = mixture.share
        let expected = [4 - 4 * share, 5 - 4 * share, 2, 3, 4 * share, 4 * share + 1]
        for (value, expected) in zip(input.values, expected) { #expect(abs(value - expected) < 1e-5) }
    }

    @Test("shares follow Beta(α, α): mean 1/2 and variance 1 / (8α + 4)", arguments: [0.2, 0.5, 1])
    func sharesFollowBeta(alpha: Double) {
        let shares = (0..<20_000).map { Double(Mixture(alpha: alpha, seed: 1, step: $0).share) }
        let mean = shares.reduce(0, +) / 20_000
        let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean - 0.5) < 0.01 && abs(variance * (8 * alpha + 4) - 1) < 0.03, "\(mean), \(variance)")
    }
}
