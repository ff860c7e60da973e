import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Expecting things of data") struct ExpectationTests {
    private let table: DataTable

    init() throws {
        table = try DataTable([
            .init("n", (1...10).map { .integer($0) }),
            .init("x", [1, 2, 2, 3, 5, 8, 13, 21, 34, 55].map { .number($0) }),
            .init("gap", (1...10).map { $0 == 4 ? .null : .integer($0) }),
            .init("word", ["ab1", "ab2", "ab3", "ab4", "ab5", "ab6", "ab7", "ab8", "ab9", "zz"].map { .text($0) }),
            .init("label", (1...10).map { .text($0 <= 5 ? "cat" : "dog") }),
        ])
    }

    @Test(
        "Each kind of expectation passes what it should and refuses what it should",
        arguments: [
            (DataExpectation("n", .exists), true), (DataExpectation("m", .exists), false),
            (DataExpectation("n", .notNull), true),
            (DataExpectation("gap", .notNull), false), (DataExpectation("gap", .notNull, mostly: 0.9), true),
            (DataExpectation("n", .between(.init(1, 10))), true),
            (DataExpectation("n", .between(.init(2, nil))), false),
            (DataExpectation("gap", .between(.init(1, 10))), true),
            (DataExpectation("word", .between(.init(nil, nil))), false),
            (DataExpectation("label", .inSet([.text("cat"), .text("dog")])), true),
            (DataExpectation("label", .inSet([.text("cat")])), false),
            (DataExpectation("x", .inSet([1, 2, 3, 5, 8, 13, 21, 34, 55].map(DataValue.integer))), true),
            (DataExpectation("word", .matches("^ab[0-9]$")), false),
            (DataExpectation("word", .matches("^ab[0-9]$"), mostly: 0.9), true),
            (DataExpectation("word", .matches("(")), false), (DataExpectation("n", .unique), true),
            (DataExpectation("x", .unique), false), (DataExpectation("x", .unique, mostly: 0.8), true),
            (DataExpectation("x", .increasing(strictly: false)), true),
            (DataExpectation("x", .increasing(strictly: true)), false),
            (DataExpectation("n", .decreasing(strictly: false)), false), (.rowCount(10, 10), true),
            (.rowCount(11, nil), false),
            (DataExpectation("n", .mean(.init(5.5, 5.5))), true), (DataExpectation("n", .mean(.init(nil, 5.4))), false),
            (DataExpectation("word", .mean(.init(nil, nil))), false),
            (DataExpectation("x", .quantile(0.5, .init(6.5, 6.5))), true),
            (DataExpectation("x", .quantile(0.25, .init(2.25, 2.25))), true),
            (DataExpectation("x", .quantile(2, .init(nil, nil))), false),
            (DataExpectation("label", .distribution(shares: ["cat": 0.5, "dog": 0.5], limit: 1e-9)), true),
            (DataExpectation("label", .distribution(shares: ["cat": 0.9, "dog": 0.1], limit: 0.5)), false),
            (DataExpectation("label", .distribution(shares: ["cat": 0.9, "dog": 0.1], limit: 0.52)), true),
            (DataExpectation("label", .distribution(shares: ["cat": 1], limit: 100)), false),
            (DataExpectation("n", .foreignKey(table: "pets", column: "id")), true),
            (DataExpectation("x", .foreignKey(table: "pets", column: "id")), false),
            (DataExpectation("n", .foreignKey(table: "owners", column: "id")), false),
            (DataExpectation("n", .ofKind(.integer)), true), (DataExpectation("n", .ofKind(.number)), true),
            (DataExpectation("x", .ofKind(.integer)), false), (DataExpectation("label", .ofKind(.text)), true),
        ])
    func checks(expectation: DataExpectation, isMet: Bool) throws {
        let pets = try DataTable([.init("id", (0...12).map { .integer($0) })])
        let report = ExpectationSuite([expectation]).report(on: table, with: ["pets": pets])
        #expect(report.results[0].isMet == isMet, "\(report.results[0])")
        #expect(report.verdict == (isMet ? .pass : .fail))
        let read = try CanonicalJSON.decode(DataExpectation.self, from: CanonicalJSON.encode(expectation))
        #expect(read == expectation)
        let json = try CanonicalJSON.encode(report)
        let again = try CanonicalJSON.decode(ExpectationReport.self, from: json)
        #expect(try CanonicalJSON.encode(again) == json)
    }

    @Test("A result says what was found, and where") func saysWhere() throws {
        let report = ExpectationSuite([
            DataExpectation("word", .matches("^ab[0-9]$")), DataExpectation("n", .mean(.init(6, 7))),
        ])
        .report(on: table)
        #expect(report.results[0].count == 10 && report.results[0].unexpectedCount == 1)
        #expect(report.results[0].unexpected == [.init(row: 9, value: .text("zz"))])
        #expect(report.results[1].observed == 5.5)
        let error = #expect(throws: MLOpsError.self) { try report.check() }
        #expect(error?.message.contains("first 'zz' in row 9") == true && error?.message.contains("5.5") == true)
    }

    @Test("Only critical expectations close the gate") func severities() throws {
        let suite = ExpectationSuite([
            DataExpectation("gap", .notNull, severity: .warning), DataExpectation("x", .unique, severity: .info),
        ])
        let report = suite.report(on: table)
        #expect(report.verdict == .pass && report.unmet.count == 2)
        try report.check()
        #expect(ExpectationSuite([]).report(on: table).verdict == .insufficient)
    }

    @Test("A suite in the JSON of Great Expectations is read; an expectation that is not known is an error")
    func readsGreatExpectations() throws {
        let json = """
            [{"type": "expect_column_values_to_be_between", "severity": "warning", "meta": {"by": "ada"},
              "kwargs": {"column": "x", "min_value": 1, "max_value": 60, "mostly": 0.95}},
             {"type": "expect_column_quantile_values_to_be_between", "kwargs": {"column": "x",
              "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[null, 7]]}}},
             {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 5}}]
            """
        let read = try CanonicalJSON.decode([DataExpectation].self, from: Data(json.utf8))
        #expect(
            read == [
                DataExpectation("x", .between(.init(1, 60)), mostly: 0.95, severity: .warning),
                DataExpectation("x", .quantile(0.5, .init(nil, 7))), .rowCount(5, nil),
            ])
        #expect(ExpectationSuite(read).report(on: table).verdict == .pass)
        for other in [
            #"{"type": "expect_column_values_to_be_dateutil_parseable", "kwargs": {"column": "x"}}"#,
            #"{"type": "expect_column_values_to_be_unique", "kwargs": {}}"#,
            #"{"type": "expect_column_mean_to_be_between", "kwargs": {"column": "x", "min_value": "low"}}"#,
        ] {
            #expect(throws: MLOpsError.self) { try CanonicalJSON.decode(DataExpectation.self, from: Data(other.utf8)) }
        }
    }
    private struct Known: Codable {
        struct Result: Codable {
            var met: Bool
            var unexpected: Int?
            var observed: Double?
        }
        var table: [String: [DataValue]]
        var suite: [DataExpectation]
        var results: [Result]
    }

    @Test("A suite of Great Expectations concludes here what it concludes there") func agrees() throws {
        let known = try JSONDecoder().decode(Known.self, from: Fixture.bytes("quality/expectations.json"))
        let table = try DataTable(known.table.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
        let report = ExpectationSuite(known.suite).report(on: table)
        #expect(report.results.count == known.results.count && known.results.count > 25)
        for (found, wanted) in zip(report.results, known.results) {
            #expect(found.isMet == wanted.met, "\(found)")
            if let unexpected = wanted.unexpected { #expect(found.unexpectedCount == unexpected, "\(found)") }
            if let observed = wanted.observed, let value = found.observed {
                #expect(abs(value - observed) < 1e-9, "\(found)")
            }
        }
    }
}
