public import MLOpsCore

/// Cohen's κ: how much two annotators agree beyond chance, 1 for always, 0 for as often as chance has it.
///
/// Sources: J. Cohen, "A coefficient of agreement for nominal scales", 1960, and "Weighted kappa", 1968; the interval
/// by J. L. Fleiss, J. Cohen, B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", 1969.
public struct CohenKappa: Sendable, Hashable {
    /// How much a difference of two labels counts.
    public enum Weighting: Sendable, Hashable {
        /// Each difference counts alike.
        case equal
        /// As many steps as lie between the labels, in the given order from least to most.
        case linear(order: [String])
        /// The square of those steps.
        case quadratic(order: [String])
    }

    /// How much a difference of two labels counts.
    public var weighting: Weighting
    /// The confidence of the interval.
    public var confidence: Double

    /// Makes the measure.
    public init(weighting: Weighting = .equal, confidence: Double = 0.95) {
        self.weighting = weighting
        self.confidence = confidence
    }

    /// κ of two annotators of a table, over the items that both rated.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown annotator, `insufficientData` when κ is not defined,
    ///   `invalidArgument` for an order that misses a label.
    public func estimate(of table: RatingTable, between first: String, and second: String) throws -> Estimate {
        func column(_ name: String) throws -> Int {
            guard let column = table.annotators.firstIndex(of: name) else {
                throw MLOpsError(
                    .notFound, "There is no annotator '\(name)'.", help: "The annotators are \(table.annotators).")
            }
            return column
        }
        let (a, b) = (try column(first), try column(second))
        let order: [String]
        switch weighting {
        case .equal: order = table.labels
        case .linear(let given), .quadratic(let given): order = given
        }
        let indices = try table.indices(in: order)
        let k = order.count
        var shares = [Double](repeating: 0, count: k * k)
        var count = 0
        for row in table.ratings {
            guard let i = row[a].flatMap({ indices[$0] }), let j = row[b].flatMap({ indices[$0] }) else { continue }
            shares[i * k + j] += 1
            count += 1
        }
        guard count > 0 else { throw MLOpsError.undefinedAgreement("Cohen's kappa") }
        for i in shares.indices { shares[i] /= Double(count) }
        return try estimate(shares, labels: k, count: count)
    }

    /// κ of a table of shares, [labels of the first, labels of the second].
    private func estimate(_ shares: [Double], labels k: Int, count: Int) throws -> Estimate {
        // A weight is 1 for equal labels and falls to 0 for the farthest ones.
        func weight(_ i: Int, _ j: Int) -> Double {
            let distance = Double(abs(i - j)) / Double(max(1, k - 1))
            switch weighting {
            case .equal: return i == j ? 1 : 0
            case .linear: return 1 - distance
            case .quadratic: return 1 - distance * distance
            }
        }
        let firsts = (0..<k).map { i in (0..<k).reduce(0) { $0 + shares[i * k + $1] } }
        let seconds = (0..<k).map { j in (0..<k).reduce(0) { $0 + shares[$1 * k + j] } }
        var (observed, expected) = (0.0, 0.0)
        for i in 0..<k {
            for j in 0..<k {
                observed += weight(i, j) * shares[i * k + j]
                expected += weight(i, j) * firsts[i] * seconds[j]
            }
        }
        guard expected < 1 else { throw MLOpsError.undefinedAgreement("Cohen's kappa") }
        let kappa = (observed - expected) / (1 - expected)
        let rowMeans = (0..<k).map { i in (0..<k).reduce(0) { $0 + seconds[$1] * weight(i, $1) } }
        let columnMeans = (0..<k).map { j in (0..<k).reduce(0) { $0 + firsts[$1] * weight($1, j) } }
        var spread = 0.0
        for i in 0..<k {
            for j in 0..<k {
                let term = weight(i, j) - (rowMeans[i] + columnMeans[j]) * (1 - kappa)
                spread += shares[i * k + j] * term * term
            }
        }
        let center = kappa - expected * (1 - kappa)
        let variance = max(0, spread - center * center) / ((1 - expected) * (1 - expected) * Double(count))
        let half = NormalDistribution.quantile((1 + confidence) / 2) * variance.squareRoot()
        return Estimate(kappa, lower: kappa - half, upper: kappa + half, count: count, confidence: confidence)
    }
}
