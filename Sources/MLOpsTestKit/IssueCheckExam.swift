internal import MLOpsCore
public import MLOpsData

/// The exam of ``IssueCheck``: a subject with the trouble that it looks for, one without, and one without anything.
public struct IssueCheckExam: Sendable {
    private let check: any IssueCheck

    /// Makes an exam of a check.
    public init(of check: any IssueCheck) { self.check = check }

    /// Runs the exam.
    ///
    /// - Parameters:
    ///   - troubled: a subject with the trouble.
    ///   - sound: a subject without it.
    /// - Throws: an ``ExamFailure`` for the first promise that is not kept, and what the check throws.
    public func run(finding troubled: IssueSubject, notIn sound: IssueSubject) throws {
        let found = try check.issues(in: troubled)
        try require(!found.isEmpty, "the trouble that is there is found")
        try require(try check.issues(in: troubled) == found, "equal subjects give equal issues, in the same order")
        try require(try check.issues(in: sound).isEmpty, "a subject without the trouble has no issue")
        try require(
            try check.issues(in: IssueSubject(DataTable([]))).isEmpty, "a subject without anything has no issue")
        let ids = Set(troubled.ids)
        for issue in found {
            try require(issue.records.allSatisfy(ids.contains), "the records of an issue are among the subject's")
            try require(issue.score.isFinite && issue.count >= 0, "an issue has a finite score and a count")
        }
    }
}
