import MLOpsCore
import MLOpsMonitor
import MLOpsTestKit
import Testing

@Suite("Drift detectors")
struct DriftDetectorTests {
    @Test("Kolmogorov–Smirnov equals SciPy's ks_2samp, exact and asymptotic")
    func kolmogorovSmirnov() throws {
        for row in try Oracle.load().ks {
            let recent = FeatureColumn("x", Oracle.column(row.recent, shift: row.shift))
            let reference = FeatureColumn("x", Oracle.column(row.reference))
            for (method, p) in [
                (KolmogorovSmirnovDetector.PValueMethod.asymptotic, row.asymptotic), (.exact, row.exact),
            ] {
                let detector = KolmogorovSmirnovDetector(minimumCount: 10, pValueMethod: method)
                let verdict = try detector.verdict(on: recent, against: reference)
                #expect(abs(verdict.distance - row.statistic) < 1e-15)
                let ours = try #require(verdict.pValue)
                #expect(abs(ours - p) < 1e-9, "\(row.recent), \(row.reference), \(method): \(ours), SciPy \(p)")
            }
        }
    }

    @Test("The population stability index equals the one computed with NumPy")
    func populationStability() throws {
        for row in try Oracle.load().psi {
            let verdict = try PopulationStabilityDetector(minimumCount: 10).verdict(
                on: FeatureColumn("x", Oracle.column(row.recent, shift: row.shift)),
                against: FeatureColumn("x", Oracle.column(row.reference)))
            #expect(abs(verdict.distance - row.index) < 1e-12)
            #expect(abs(try #require(verdict.pValue) - row.pValue) < 1e-9)
        }
    }

    @Test("Chi-squared equals SciPy's chi2_contingency without correction")
    func chiSquared() throws {
        for row in try Oracle.load().chiSquared {
            func column(_ counts: [Int]) -> FeatureColumn {
                FeatureColumn(
                    "x", categories: counts.enumerated().flatMap { Array(repeating: "c\($0.offset)", count: $0.element) })
            }
            let verdict = try ChiSquaredDetector().verdict(on: column(row.table[1]), against: column(row.table[0]))
            #expect(abs(verdict.distance - row.cramersV) < 1e-12)
            #expect(abs(try #require(verdict.pValue) - row.pValue) < 1e-12)
        }
    }

    @Test("Every detector sits the exam")
    func exam() async throws {
        try await DriftDetectorExam(numeric: KolmogorovSmirnovDetector()).run()
        try await DriftDetectorExam(numeric: PopulationStabilityDetector()).run()
        try await DriftDetectorExam(categorical: PopulationStabilityDetector()).run()
        try await DriftDetectorExam(categorical: ChiSquaredDetector()).run()
    }

    @Test("A significant but tiny shift in a large sample is no drift")
    func sampleSizeInvariance() throws {
        var generator = SeededGenerator(seed: 3)
        let reference = FeatureColumn("x", (0..<100_000).map { _ in generator.normal() })
        let recent = FeatureColumn("x", (0..<100_000).map { _ in generator.normal() + 0.03 })
        let verdict = try KolmogorovSmirnovDetector().verdict(on: recent, against: reference)
        #expect(try #require(verdict.pValue) < 1e-4)
        #expect(verdict.verdict == .pass)
    }

    @Test("Rare categories are pooled, so that one unseen value does not fail")
    func rareCategories() throws {
        let reference = FeatureColumn("x", categories: Array(repeating: "a", count: 100))
        let recent = FeatureColumn("x", categories: Array(repeating: "a", count: 99) + ["b"])
        let verdict = try ChiSquaredDetector().verdict(on: recent, against: reference)
        #expect(verdict.verdict == .pass)
        #expect(verdict.pValue == 1)
    }

    @Test("A detector of numbers refuses categories, and the other way round")
    func wrongColumn() {
        let numbers = FeatureColumn("x", [1, 2, 3])
        let words = FeatureColumn("x", categories: ["a"])
        #expect(throws: MLOpsError.self) { try KolmogorovSmirnovDetector().verdict(on: words, against: words) }
        #expect(throws: MLOpsError.self) { try ChiSquaredDetector().verdict(on: numbers, against: numbers) }
        #expect(throws: MLOpsError.self) { try PopulationStabilityDetector().verdict(on: words, against: numbers) }
    }

    @Test(
        "The false-alarm rate on streams without drift is the stated 5 %",
        arguments: [
            ("ks", 0.05), ("psi", 0.05), ("chi2", 0.05),
        ])
    func falseAlarms(method: String, stated: Double) throws {
        let streams = 2000
        var alarms = 0
        for stream in 0..<streams {
            var generator = SeededGenerator(seed: 17, UInt64(stream))
            let verdict: DriftVerdict
            if method == "chi2" {
                func column(_ count: Int) -> FeatureColumn {
                    FeatureColumn("x", categories: (0..<count).map { _ in ["a", "b", "c"][generator.integer(below: 3)] })
                }
                verdict = try ChiSquaredDetector(minimumDistance: 0, significance: stated).verdict(
                    on: column(200), against: column(400))
            } else {
                let recent = FeatureColumn("x", (0..<200).map { _ in generator.normal() })
                let reference = FeatureColumn("x", (0..<400).map { _ in generator.normal() })
                let detector: any DriftDetector =
                    method == "ks"
                    ? KolmogorovSmirnovDetector(minimumDistance: 0, significance: stated)
                    : PopulationStabilityDetector(threshold: 0, significance: stated)
                verdict = try detector.verdict(on: recent, against: reference)
            }
            alarms += verdict.verdict == .fail ? 1 : 0
        }
        let measured = Estimate.proportion(alarms, of: streams, confidence: 0.999)
        #expect(measured.lower < stated && measured.value < stated + 0.015, "\(method): \(measured)")
        #expect(measured.value > stated - 0.015, "\(method): \(measured)")
    }
}
