internal import MLOpsCore

/// How examples are dealt into the folds of a cross-validation.
///
/// Without a seed the folds are those of scikit-learn's `KFold`, `StratifiedKFold`, `GroupKFold` and `TimeSeriesSplit`
/// without shuffling: the same indices. With a seed, examples are put in a random order first, or groups, where ties are
/// broken; its numbers are this package's, not scikit-learn's.
public struct FoldPlan: Sendable, Hashable, Codable {
    /// The number of folds; at least 2.
    public let count: Int
    /// Where the order comes from; `nil` to leave examples in theirs.
    public let seed: UInt64?

    /// Makes a plan; throws `invalidArgument` for fewer than 2 folds.
    public init(_ count: Int, seed: UInt64? = nil) throws {
        guard count >= 2 else {
            throw MLOpsError(
                .invalidArgument, "\(count) is no number of folds.", help: "Give 2 or more; 5 and 10 are usual.")
        }
        self.count = count
        self.seed = seed
    }

    /// Reads a plan; throws as ``init(_:seed:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(Int.self, forKey: .count), seed: container.decodeIfPresent(UInt64.self, forKey: .seed))
    }

    /// Blocks of nearly equal length, one after the other; the first `examples % count` have one more (`KFold`).
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` for fewer examples than folds.
    public func folds(of examples: Int) throws -> [Fold] {
        try require(examples, "examples")
        var order = Array(0..<examples)
        if let seed {
            var chance = SeededGenerator(seed: seed)
            order = chance.shuffled(order)
        }
        var turns = [Int](repeating: 0, count: examples)
        var place = 0
        for turn in 0..<count {
            for _ in 0..<(examples / count + (turn < examples % count ? 1 : 0)) {
                turns[order[place]] = turn
                place += 1
            }
        }
        return Fold.folds(turns, count: count)
    }

    /// Folds that each have the same share of every class, in blocks of the classes' order (`StratifiedKFold`).
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` when every class has fewer examples than there are folds.
    public func folds(stratifiedBy classes: [some Hashable]) throws -> [Fold] {
        var members: [[Int]] = []
        var known: [AnyHashable: Int] = [:]
        for (place, name) in classes.enumerated() {
            let index = known[AnyHashable(name)] ?? members.count
            if index == members.count {
                known[AnyHashable(name)] = index
                members.append([])
            }
            members[index].append(place)
        }
        try require(members.map(\.count).max() ?? 0, "examples of any class")
        var turns = [Int](repeating: 0, count: classes.count)
        var dealt = 0
        for (index, places) in members.enumerated() {
            // Round robin over the examples in the order of their classes says how many of this class each fold has.
            var sizes = [Int](repeating: 0, count: count)
            for at in dealt..<dealt + places.count { sizes[at % count] += 1 }
            dealt += places.count
            var order = sizes.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
            if let seed {
                var chance = SeededGenerator(seed: seed, UInt64(index))
                order = chance.shuffled(order)
            }
            for (place, turn) in zip(places, order) { turns[place] = turn }
        }
        return Fold.folds(turns, count: count)
    }

    /// Folds that never part a group: the largest groups first, each to the fold with the fewest examples (`GroupKFold`).
    ///
    /// Of groups of equal size, the one that is last in ascending order goes first, or with a seed a random one.
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` for fewer groups than folds.
    public func folds(groupedBy groups: [some Hashable & Comparable]) throws -> [Fold] {
        let members = Dictionary(grouping: groups.indices) { groups[$0] }
        try require(members.count, "groups")
        var names = members.keys.sorted()
        if let seed {
            var chance = SeededGenerator(seed: seed)
            names = chance.shuffled(names)
        }
        let bySize = names.enumerated().sorted {
            (members[$0.element]?.count ?? 0, $0.offset) > (members[$1.element]?.count ?? 0, $1.offset)
        }
        var sizes = [Int](repeating: 0, count: count)
        var turns = [Int](repeating: 0, count: groups.count)
        for (_, name) in bySize {
            guard let places = members[name], let least = sizes.min(), let turn = sizes.firstIndex(of: least) else {
                continue
            }
            sizes[turn] += places.count
            for place in places { turns[place] = turn }
        }
        return Fold.folds(turns, count: count)
    }

    /// Folds that learn from what came before and judge by what comes next; examples are in the order of time
    /// (`TimeSeriesSplit`). A seed has no effect.
    ///
    /// - Parameters:
    ///   - testCount: the examples to judge by in each fold; examples / (folds + 1) when `nil`.
    ///   - gap: how many examples before the test are left out.
    ///   - maxTraining: the most examples to learn from, the latest; all when `nil`.
    /// - Throws: ``MLOpsError`` with `insufficientData` when the first fold would have nothing to learn from,
    ///   `invalidArgument` for counts below 1 or a gap below 0.
    public func folds(
        forward examples: Int, testCount: Int? = nil, gap: Int = 0, maxTraining: Int? = nil
    ) throws -> [Fold] {
        try require(max(1, examples) - 1, "examples after the first")
        let size = testCount ?? examples / (count + 1)
        guard size >= 1, gap >= 0, maxTraining ?? 1 >= 1 else {
            throw MLOpsError(
                .invalidArgument, "Folds of \(size) examples with a gap of \(gap) can't be.",
                help: "Give counts of at least 1, and a gap of at least 0.")
        }
        let (needed, overflow) = size.multipliedReportingOverflow(by: count)
        guard !overflow, gap < examples, needed < examples - gap else {
            throw MLOpsError(
                .insufficientData,
                "\(count) folds of \(size) with a gap of \(gap) need more than \(examples) examples.",
                help: "Take fewer folds, a smaller test or a smaller gap.")
        }
        return (0..<count).map { turn in
            let start = examples - (count - turn) * size
            let end = start - gap
            return Fold(training: Array(max(0, end - (maxTraining ?? end))..<end), test: Array(start..<start + size))
        }
    }

    private func require(_ found: Int, _ what: String) throws {
        guard found >= count else {
            throw MLOpsError(
                .insufficientData, "\(found) \(what) are too few for \(count) folds.",
                help: "Take fewer folds, or more data.")
        }
    }
}
