public import MLOpsCore

/// Expectations that are checked together, and used as a gate.
///
///     let suite = ExpectationSuite([
///         DataExpectation("label", .inSet([.text("cat"), .text("dog")])),
///         DataExpectation("width", .between(.init(32, nil)), mostly: 0.99, severity: .warning),
///     ])
///     try suite.report(on: table).check()
public struct ExpectationSuite: Sendable, Hashable, Codable {
    /// What is expected.
    public var expectations: [DataExpectation]

    /// Makes a suite.
    public init(_ expectations: [DataExpectation]) { self.expectations = expectations }

    /// Checks a table.
    ///
    /// - Parameter tables: the tables that foreign keys point to, by the names that they are called.
    public func report(on table: DataTable, with tables: [String: DataTable] = [:]) -> ExpectationReport {
        ExpectationReport(results: expectations.map { ExpectationRun($0, table, tables).result })
    }
}

/// What came of an ``ExpectationSuite``; its JSON is the record of the check.
public struct ExpectationReport: Sendable, Hashable, Codable {
    /// The result of each expectation, in their order.
    public let results: [ExpectationResult]

    /// Fails when a critical expectation is not met; insufficient without any expectation.
    public var verdict: Verdict {
        if results.isEmpty { return .insufficient }
        return results.contains { !$0.isMet && $0.expectation.severity == .critical } ? .fail : .pass
    }

    /// The results of the expectations that are not met.
    public var unmet: [ExpectationResult] { results.filter { !$0.isMet } }

    /// Lets data pass that meet every critical expectation.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused`, naming the first that are not met.
    public func check() throws {
        let refused = unmet.filter { $0.expectation.severity == .critical }
        guard !refused.isEmpty else { return }
        throw MLOpsError(
            .gateRefused,
            "\(refused.count) critical expectations are not met: "
                + refused.prefix(5).map(\.description).joined(separator: "; ") + ".",
            help: "Mend or reject the records, or change what is expected.")
    }
}

extension ExpectationResult: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        let subject = expectation.column.map { "'\($0)': " } ?? ""
        let what = subject + expectation.name
        if let failure { return "\(what) (\(failure))" }
        if let observed { return "\(what) (observed \(observed))" }
        let first = unexpected.first.map { ", first '\($0.value.text)' in row \($0.row)" } ?? ""
        return "\(what) (\(unexpectedCount) of \(count) values\(first))"
    }
}
