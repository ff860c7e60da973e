internal import MLOpsCore

/// Pictures that look alike. The score is the least number of bits in which a pair differs.
public struct NearDuplicateCheck: IssueCheck {
    /// What looks alike.
    public var finder: NearDuplicates?
    /// The most pairs that are listed.
    public var limit: Int

    /// Makes a check; without a finder it takes the usual one.
    public init(_ finder: NearDuplicates? = nil, limit: Int = 24) {
        self.finder = finder
        self.limit = limit
    }

    /// One issue with all pairs, the nearest first; without them when there are more than a million.
    public func issues(in subject: IssueSubject) throws -> [DataIssue] {
        guard !subject.prints.isEmpty else { return [] }
        let pairs: [NearDuplicates.Pair]
        do { pairs = try (finder ?? NearDuplicates()).pairs(among: subject.prints) } catch let error as MLOpsError
            where error.code == .limitExceeded
        {
            return [DataIssue(.nearDuplicate, error.message, score: 0, count: subject.prints.count, records: [])]
        }
        guard let nearest = pairs.first else { return [] }
        let records = Set(pairs.flatMap { [$0.first, $0.second] })
        return [
            DataIssue(
                .nearDuplicate, "\(pairs.count) pairs of pictures look alike, of \(records.count) records.",
                score: Double(nearest.distance), count: records.count,
                records: pairs.prefix(max(0, limit)).flatMap { [$0.first, $0.second] })
        ]
    }
}
