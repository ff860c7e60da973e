internal import MLOpsCore
public import MLOpsData

/// The exam of ``SplitRule``: splits a version, parts of it, and its records in another order, and compares.
public struct SplitRuleExam: Sendable {
    private let rule: any SplitRule
    private let keeping: (@Sendable (DatasetSplit) -> any SplitRule)?

    /// Makes an exam of a rule.
    ///
    /// - Parameter keeping: for a rule that remembers, the same rule when told of an earlier split.
    public init(of rule: any SplitRule, keeping: (@Sendable (DatasetSplit) -> any SplitRule)? = nil) {
        self.rule = rule
        self.keeping = keeping
    }

    /// Runs the exam on a version of 40 records or more that the rule can split.
    ///
    /// - Throws: an ``ExamFailure`` for the first promise that is not kept, and what the rule throws.
    public func run(on version: DatasetVersion) throws {
        let entries = version.entries
        try require(entries.count >= 40, "the exam needs 40 records or more; this version has \(entries.count)")
        let parts = try rule.parts(of: entries)
        try require(parts.count == entries.count, "a rule gives one part, or none, for each record")
        try require(try rule.parts(of: entries) == parts, "equal records give equal parts")
        let reversed = try rule.parts(of: entries.reversed())
        try require(reversed == parts.reversed(), "parts do not depend on the order of the records")
        for (part, share) in rule.shares where share > 0.05 {
            try require(parts.contains(part), "a part with a share of \(share) is not empty: \(part.rawValue)")
        }
        // Every fourth record comes later, from all over the version.
        let early = try DatasetVersion(entries: entries.indices.filter { $0 % 4 != 3 }.map { entries[$0] })
        let split = try rule(early)
        let grown = try (keeping?(split) ?? rule)(version)
        for part in SplitPart.allCases {
            let now = Set(grown.entries(of: part))
            if let moved = split.entries(of: part).first(where: { !now.contains($0) }) {
                throw ExamFailure("adding records moves none; '\(moved.id)' was in \(part.rawValue)")
            }
        }
        let excluded = Set(grown.excluded)
        try require(split.excluded.allSatisfy(excluded.contains), "what is in no part stays so when records are added")
    }
}
