internal import MLOpsCore

/// Draws places of examples by a seed: the same seed draws the same.
public enum Sampling {
    static func require(_ count: Int) throws {
        guard count >= 1 else {
            throw MLOpsError(.invalidArgument, "\(count) examples can't be drawn.", help: "Draw 1 or more.")
        }
    }

    static func require(_ count: Int, of total: Int) throws {
        try require(count)
        guard count <= total else {
            throw MLOpsError(
                .insufficientData, "\(count) of \(total) examples can't be drawn.",
                help: "Draw fewer; without replacement each comes once.")
        }
    }

    /// So many examples with the strata's shares, each stratum's count less than one from its share.
    ///
    /// - Parameters:
    ///   - strata: the stratum of each example.
    ///   - count: how many to draw, without replacement.
    /// - Returns: their places, in ascending order.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for fewer than 1, `insufficientData` for more than there are.
    public static func stratified(_ strata: [String], count: Int, seed: UInt64) throws -> [Int] {
        try require(count, of: strata.count)
        let members = Dictionary(grouping: strata.indices) { strata[$0] }.sorted { $0.key < $1.key }
        // The largest remainders get what is left of whole counts.
        let shares = members.map { Double($0.value.count) * Double(count) / Double(strata.count) }
        var counts = shares.map { Int($0) }
        let order = shares.indices.sorted {
            let (a, b) = (shares[$0] - Double(counts[$0]), shares[$1] - Double(counts[$1]))
            return (b, $0) < (a, $1)
        }
        for place in order.prefix(count - counts.reduce(0, +)) { counts[place] += 1 }
        return members.enumerated().flatMap { index, stratum in
            var chance = SeededGenerator(seed: seed, UInt64(index))
            return chance.shuffled(stratum.value).prefix(counts[index])
        }.sorted()
    }

    /// So many draws with replacement in which each class has the same chance, and within a class each example.
    ///
    /// - Parameter classes: the class of each example.
    /// - Returns: their places, in the order of the draws.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for fewer than 1 draw, `insufficientData` without examples.
    public static func balanced(_ classes: [String], draws: Int, seed: UInt64) throws -> [Int] {
        try require(draws)
        let members = Dictionary(grouping: classes.indices) { classes[$0] }.sorted { $0.key < $1.key }.map(\.value)
        guard !members.isEmpty else {
            throw MLOpsError(.insufficientData, "There are no examples to draw.", help: "Give some.")
        }
        var chance = SeededGenerator(seed: seed)
        return (0..<draws).map { _ in
            let places = members[chance.integer(below: members.count)]
            return places[chance.integer(below: places.count)]
        }
    }

    /// So many examples drawn without replacement by their weights, such as their importance; see
    /// ``WeightedReservoir``.
    ///
    /// - Returns: their places, in the order of the draws; fewer than `count` when fewer have a weight above 0.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for fewer than 1, or a weight below 0 or not finite.
    public static func weighted(_ weights: [Double], count: Int, seed: UInt64) throws -> [Int] {
        var reservoir = try WeightedReservoir<Int>(capacity: count, seed: seed)
        for (place, weight) in weights.enumerated() { try reservoir.add(place, weight: weight) }
        return reservoir.elements
    }
}
