/// What a check concludes: pass, fail, or too little data to say.
public enum Verdict: String, Sendable, Hashable, Codable {
    /// The requirement holds, with the stated confidence.
    case pass
    /// The requirement is broken.
    case fail
    /// The data do not allow a conclusion.
    case insufficient

    /// Judges an estimate against a lower limit: pass when the value reaches it.
    ///
    /// - Parameter minimumCount: with fewer observations the verdict is ``insufficient``.
    public static func atLeast(_ limit: Double, _ estimate: Estimate, minimumCount: Int = 1) -> Verdict {
        estimate.count < minimumCount ? .insufficient : estimate.value >= limit ? .pass : .fail
    }

    /// The verdict of several checks together: fail if any fails, else insufficient if any is, else pass.
    ///
    /// No checks at all are ``insufficient``.
    public static func all(_ verdicts: some Sequence<Verdict>) -> Verdict {
        let seen = Set(verdicts)
        return seen.contains(.fail) ? .fail : seen == [.pass] ? .pass : .insufficient
    }
}
