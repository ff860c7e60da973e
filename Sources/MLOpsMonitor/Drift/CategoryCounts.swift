/// How often each category occurs in two columns, in the order of the categories' names.
struct CategoryCounts {
    let pairs: [(recent: Int, reference: Int)]

    init(_ recent: [String], _ reference: [String]) {
        var counts: [String: (recent: Int, reference: Int)] = [:]
        for category in recent { counts[category, default: (0, 0)].recent += 1 }
        for category in reference { counts[category, default: (0, 0)].reference += 1 }
        pairs = counts.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The counts with the rare categories added together, until each expected count is 5 or more.
    ///
    /// Source of the rule: W. G. Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10, 1954.
    func pooled() -> [(recent: Int, reference: Int)] {
        let recentTotal = pairs.reduce(0) { $0 + $1.recent }
        let referenceTotal = pairs.reduce(0) { $0 + $1.reference }
        let smaller = Double(min(recentTotal, referenceTotal)) / Double(max(1, recentTotal + referenceTotal))
        func isRare(_ pair: (recent: Int, reference: Int)) -> Bool {
            Double(pair.recent + pair.reference) * smaller < 5
        }
        var kept = pairs.filter { !isRare($0) }
        let rare = pairs.filter(isRare)
        guard !rare.isEmpty else { return kept }
        var pool = rare.reduce((recent: 0, reference: 0)) { ($0.recent + $1.recent, $0.reference + $1.reference) }
        if isRare(pool), let smallest = kept.indices.min(by: { total(kept[$0]) < total(kept[$1]) }) {
            let other = kept.remove(at: smallest)
            pool = (pool.recent + other.recent, pool.reference + other.reference)
        }
        return kept + [pool]
    }

    private func total(_ pair: (recent: Int, reference: Int)) -> Int { pair.recent + pair.reference }
}
