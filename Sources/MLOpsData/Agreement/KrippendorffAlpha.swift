internal import MLOpsCore

/// Krippendorff's α: how much any number of annotators agree beyond chance, with labels missing anywhere.
///
/// Source: K. Krippendorff, "Computing Krippendorff's alpha-reliability", 2011.
public struct KrippendorffAlpha: Sendable, Hashable {
    /// What the labels are, and so how much a difference counts.
    public enum Scale: Sendable, Hashable {
        /// Names: each difference counts alike.
        case nominal
        /// Ranks, in the given order from least to most: as many labels as were given between the two count.
        case ordinal(order: [String])
        /// Numbers: the square of the difference counts.
        case interval
    }

    /// What the labels are.
    public var scale: Scale

    /// Makes the measure.
    public init(_ scale: Scale = .nominal) { self.scale = scale }

    /// α of a table.
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` when α is not defined, `invalidArgument` for an order that
    ///   misses a label, or a label that is no number on an interval scale.
    public func coefficient(of table: RatingTable) throws -> Double {
        let order: [String]
        if case .ordinal(let given) = scale { order = given } else { order = table.labels }
        let indices = try table.indices(in: order)
        let units = table.ratings.map { row in
            row.compactMap { $0 }.reduce(into: [Int: Int]()) { counts, label in
                if let index = indices[label] { counts[index, default: 0] += 1 }
            }
        }.filter { $0.values.reduce(0, +) > 1 }
        var totals = [Double](repeating: 0, count: order.count)
        for unit in units { for (index, count) in unit { totals[index] += Double(count) } }
        let distance = try self.distance(order: order, totals: totals)
        var observed = 0.0
        for unit in units {
            let counts = unit.sorted { $0.key < $1.key }
            var sum = 0.0
            for (i, first) in counts.enumerated() {
                for second in counts[(i + 1)...] {
                    sum += Double(first.value * second.value) * distance(first.key, second.key)
                }
            }
            observed += 2 * sum / Double(counts.reduce(0) { $0 + $1.value } - 1)
        }
        var expected = 0.0
        let used = order.indices.filter { totals[$0] > 0 }
        for (i, first) in used.enumerated() {
            for second in used[(i + 1)...] { expected += 2 * totals[first] * totals[second] * distance(first, second) }
        }
        guard expected > 0 else { throw MLOpsError.undefinedAgreement("Krippendorff's alpha") }
        return 1 - observed * (totals.reduce(0, +) - 1) / expected
    }

    /// The squared distance of two labels, by their indices.
    private func distance(order: [String], totals: [Double]) throws -> (Int, Int) -> Double {
        switch scale {
        case .nominal: return { $0 == $1 ? 0 : 1 }
        case .ordinal:
            var below = [0.0]
            for total in totals { below.append((below.last ?? 0) + total) }
            return { [below] first, second in
                let (low, high) = (min(first, second), max(first, second))
                let between = below[high + 1] - below[low] - (totals[low] + totals[high]) / 2
                return between * between
            }
        case .interval:
            let values = try order.map { label in
                guard let value = Double(label), value.isFinite else {
                    throw MLOpsError(
                        .invalidArgument, "The label '\(label)' is no number.", help: "Use a nominal or ordinal scale.")
                }
                return value
            }
            return { (values[$0] - values[$1]) * (values[$0] - values[$1]) }
        }
    }
}
