import Foundation

/// What SciPy, statsmodels and Fairlearn say; written by Tests/Oracles/drift_oracle.py.
struct Oracle: Decodable {
    struct KS: Decodable {
        let recent, reference: [Int]
        let shift, statistic, asymptotic, exact: Double
    }
    struct PSI: Decodable {
        let recent, reference: [Int]
        let shift, index, pValue: Double
    }
    struct Kolmogorov: Decodable {
        let n: Int
        let x, survival: Double
    }
    struct ChiSquared: Decodable {
        let table: [[Int]]
        let cramersV, pValue: Double
    }
    struct ChiSquaredSurvival: Decodable {
        let x: Double
        let df: Int
        let survival: Double
    }
    struct Newcombe: Decodable {
        let counts: [Int]
        let lower, upper: Double
    }
    struct Adjustment: Decodable { let pValues, adjusted: [Double] }
    struct Fairness: Decodable {
        let groups: [String]
        let truth, predicted: [Int]
        let demographicParityDifference, equalizedOddsDifference: Double
    }
    struct Trend: Decodable {
        let values: [Double]
        let slope, slopeError, intercept: Double
    }

    let ks: [KS]
    let psi: [PSI]
    let kolmogorov: [Kolmogorov]
    let chiSquared: [ChiSquared]
    let chiSquaredSurvival: [ChiSquaredSurvival]
    let newcombe: [Newcombe]
    let benjaminiHochberg: Adjustment
    let fairness: Fairness
    let trend: Trend

    static func load() throws -> Oracle {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/drift.json")
        return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: url))
    }

    /// The values that the script's `column` gives.
    static func column(_ spec: [Int], shift: Double = 0) -> [Double] {
        (1...spec[0]).map { Double($0 * spec[1] % 10007) / 10007 + shift }
    }
}
