/// Looks for all kinds of trouble in a dataset.
public struct IssueScan: Sendable {
    /// What is looked for, in this order.
    public var checks: [any IssueCheck]

    /// Makes a scan of the given checks.
    public init(_ checks: [any IssueCheck]) { self.checks = checks }

    /// Every check of this package with its usual limits.
    public static var standard: IssueScan {
        IssueScan([
            LabelCheck(), LabelLeakCheck(), NearDuplicateCheck(), OutlierCheck(), UnderperformanceCheck(),
            ImbalanceCheck(), NullCheck(), IdentifierCheck(), OrderCheck(),
        ])
    }

    /// What the checks find, in their order.
    public func issues(in subject: IssueSubject) throws -> [DataIssue] {
        try checks.flatMap { try $0.issues(in: subject) }
    }
}
