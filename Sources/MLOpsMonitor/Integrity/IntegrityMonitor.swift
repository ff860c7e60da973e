public import Foundation
public import MLOpsCore

/// Checks that what reaches the model is whole: values in range, nothing missing, no gaps, no duplicates.
public struct IntegrityMonitor: Sendable {
    /// Something that must hold of a window of captures.
    public enum Expectation: Sendable, Hashable, Codable {
        /// A feature lies in a range in all but a share of the records that have it.
        case range(feature: String, ClosedRange<Double>, allowedShare: Double = 0)
        /// A feature is there, and finite, in all but a share of the records.
        case present(feature: String, allowedShare: Double = 0)
        /// Records come at no less than a rate, in records a second over the period, for each value of a tag.
        case rate(tag: String, atLeast: Double)
        /// No two records in a row, for each value of a tag, are further apart than a number of seconds; the ends of
        /// the period count.
        case gap(tag: String, atMost: Double)
        /// The same input comes again in at most a share of the records; a frozen camera repeats its frame.
        case duplicates(allowedShare: Double)
    }

    /// What must hold.
    public var expectations: [Expectation]
    /// The values of tags that must occur, such as every camera: `["camera": ["north", "south"]]`. One that sends
    /// nothing is not seen otherwise.
    public var knownTags: [String: [String]]
    /// With fewer records the checks of shares are `insufficient`; those of rates and gaps are not, for silence is
    /// what they look for.
    public var minimumCount: Int

    /// Makes a monitor.
    public init(_ expectations: [Expectation], knownTags: [String: [String]] = [:], minimumCount: Int = 30) {
        self.expectations = expectations
        self.knownTags = knownTags
        self.minimumCount = minimumCount
    }

    /// Checks the captures of a period, given in the order of time.
    public func findings(on records: [PredictionRecord], in period: DateInterval, at: Date) -> [Finding] {
        expectations.flatMap { expectation -> [Finding] in
            switch expectation {
            case .range(let feature, let range, let allowed):
                let values = records.compactMap { $0.features[feature] }.filter(\.isFinite)
                return [
                    share(
                        values.count { !range.contains($0) }, of: values.count, allowed,
                        "integrity.range.\(feature)", "\(feature) outside \(range.lowerBound)…\(range.upperBound)", at)
                ]
            case .present(let feature, let allowed):
                let missing = records.count { !($0.features[feature]?.isFinite ?? false) }
                return [share(missing, of: records.count, allowed, "integrity.present.\(feature)", "\(feature) missing", at)]
            case .duplicates(let allowed):
                let again = records.count - Set(records.map(\.input)).count
                return [share(again, of: records.count, allowed, "integrity.duplicates", "repeated inputs", at)]
            case .rate(let tag, let least):
                return groups(records, by: tag).map { rate($0.key, $0.value, tag, least, period, at) }
            case .gap(let tag, let most):
                return groups(records, by: tag).map { gap($0.key, $0.value, tag, most, period, at) }
            }
        }
    }

    private func share(
        _ bad: Int, of count: Int, _ allowed: Double, _ check: String, _ what: String, _ at: Date
    ) -> Finding {
        let estimate = Estimate.proportion(bad, of: count)
        let verdict: Verdict =
            count < max(1, minimumCount) ? .insufficient : estimate.value > allowed ? .fail : .pass
        return Finding(
            check: check, verdict: verdict,
            message: "\(what) in \(bad) of \(count) records; allowed \(Wording.percent(allowed)).", estimate: estimate,
            at: at)
    }

    private func rate(
        _ name: String, _ records: [PredictionRecord], _ tag: String, _ least: Double, _ period: DateInterval,
        _ at: Date
    ) -> Finding {
        let rate = period.duration > 0 ? Double(records.count) / period.duration : 0
        return Finding(
            check: "integrity.rate.\(name)",
            verdict: period.duration > 0 ? (rate < least ? .fail : .pass) : .insufficient,
            message: "\(tag) \(name) sent \(Wording.number(rate, 3)) records a second; at least "
                + "\(Wording.number(least, 3)) expected.", at: at)
    }

    private func gap(
        _ name: String, _ records: [PredictionRecord], _ tag: String, _ most: Double, _ period: DateInterval,
        _ at: Date
    ) -> Finding {
        let times = [period.start] + records.map(\.at) + [period.end]
        let longest = zip(times.dropFirst(), times).map { $0.timeIntervalSince($1) }.max() ?? 0
        return Finding(
            check: "integrity.gap.\(name)", verdict: longest > most ? .fail : .pass,
            message: "\(tag) \(name) was silent for \(Wording.number(longest, 1)) s; at most "
                + "\(Wording.number(most, 1)) s allowed.", at: at)
    }

    private func groups(
        _ records: [PredictionRecord], by tag: String
    ) -> [(key: String, value: [PredictionRecord])] {
        var groups = Dictionary(grouping: records) { $0.tags[tag] ?? "(none)" }
        for name in knownTags[tag] ?? [] where groups[name] == nil { groups[name] = [] }
        return groups.sorted { $0.key < $1.key }
    }
}
