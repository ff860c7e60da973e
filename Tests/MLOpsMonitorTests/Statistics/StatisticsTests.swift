import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Statistics")
struct StatisticsTests {
    @Test("Kolmogorov's distribution equals SciPy's kstwo to 1e-9 for n from 1 to 250 000")
    func kolmogorov() throws {
        for row in try Oracle.load().kolmogorov {
            let ours = KolmogorovDistribution.survival(row.x, count: row.n)
            #expect(abs(ours - row.survival) < 1e-9, "n = \(row.n), x = \(row.x): \(ours), SciPy \(row.survival)")
        }
    }

    @Test("The chi-squared survival function equals SciPy's to 1e-12, relatively")
    func chiSquared() throws {
        for row in try Oracle.load().chiSquaredSurvival {
            let ours = SpecialFunctions.chiSquaredSurvival(row.x, degreesOfFreedom: row.df)
            #expect(abs(ours - row.survival) <= 1e-12 * max(row.survival, 1e-3), "x = \(row.x), df = \(row.df): \(ours)")
        }
    }

    @Test("Benjamini–Hochberg equals SciPy's false_discovery_control")
    func benjaminiHochberg() throws {
        let oracle = try Oracle.load().benjaminiHochberg
        for (ours, theirs) in zip(BenjaminiHochberg.adjusted(oracle.pValues), oracle.adjusted) {
            #expect(abs(ours - theirs) < 1e-12)
        }
        #expect(BenjaminiHochberg.adjusted([]).isEmpty)
    }

    @Test("Newcombe's interval equals that of statsmodels to 1e-9")
    func newcombe() throws {
        for row in try Oracle.load().newcombe {
            let c = row.counts
            let ours = Estimate.difference(.proportion(c[0], of: c[1]), .proportion(c[2], of: c[3]))
            #expect(abs(ours.lower - row.lower) < 1e-9 && abs(ours.upper - row.upper) < 1e-9, "\(c): \(ours)")
        }
    }
}
