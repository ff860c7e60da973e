import MLOpsCore
import Testing

@Suite("Estimate")
struct EstimateTests {
    /// Limits by `scipy.stats.binomtest(k, n).proportion_ci(c, method="wilson")`, SciPy 1.17.
    @Test(
        "the interval of a proportion is Wilson's",
        arguments: [
            (0, 10, 0.95, 0.0, 0.27753279986288926), (10, 10, 0.95, 0.7224672001371109, 1.0),
            (1, 2, 0.95, 0.09453120573423074, 0.9054687942657693),
            (8, 10, 0.95, 0.4901624715366418, 0.9433178485456248),
            (4456, 4584, 0.95, 0.9668978060971654, 0.9764652195973871),
            (50, 100, 0.99, 0.37527962504483986, 0.6247203749551602),
        ])
    func followsWilson(_ hits: Int, _ trials: Int, _ confidence: Double, _ lower: Double, _ upper: Double) {
        let estimate = Estimate.proportion(hits, of: trials, confidence: confidence)
        #expect(estimate.value == Double(hits) / Double(trials))
        #expect(abs(estimate.lower - lower) < 1e-12 && abs(estimate.upper - upper) < 1e-12)
        #expect(estimate.count == trials && estimate.confidence == confidence)
    }

    @Test("without trials a proportion may be anything")
    func knowsNothingOfNothing() {
        let estimate = Estimate.proportion(0, of: 0)
        #expect(estimate == Estimate(0, lower: 0, upper: 1, count: 0))
    }

    @Test("the text names value, interval and count")
    func describesItself() {
        #expect(
            "\(Estimate(0.972, lower: 0.9675, upper: 0.975, count: 4584))" == "97.2 % (95 % CI 96.8–97.5, n = 4584)")
        #expect("\(Estimate(-0.0004, lower: -.infinity, upper: .nan, count: 1))".contains("inf"))
    }

    /// Values of SciPy 1.17's `norm`.
    @Test("the normal distribution has its known values")
    func knowsTheNormalDistribution() {
        #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-13)
        #expect(abs(NormalDistribution.quantile(0.0001) + 3.7190164854556804) < 1e-13)
        #expect(abs(NormalDistribution.cumulative(1.5) - 0.9331927987311419) < 1e-15)
        #expect(abs(NormalDistribution.cumulative(-3) - 0.0013498980316300933) < 1e-17)
    }
}
