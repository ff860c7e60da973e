import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Inferring and comparing schemas") struct SchemaTests {
    private func table(_ columns: [String: [String]]) throws -> DataTable {
        try DataTable(columns.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.map(DataValue.init(parsing:))) })
    }

    @Test(
        "The text of a field is read as what it is",
        arguments: [
            ("", DataValue.null), ("true", .bool(true)), ("12", .integer(12)), ("-3", .integer(-3)),
            ("1.5", .number(1.5)),
            ("1e3", .number(1000)), ("007", .text("007")), ("0", .integer(0)), ("0.5", .number(0.5)),
            ("nan", .text("nan")),
            ("0x10", .text("0x10")), ("inf", .text("inf")), ("1-2", .text("1-2")), ("+1", .text("+1")),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1e999", .text("1e999")),
        ])
    func parses(text: String, value: DataValue) { #expect(DataValue(parsing: text) == value) }

    @Test("Kinds, missing values and domains are inferred") func infers() throws {
        let n = 0..<60
        let schema = try DataSchema(
            inferredFrom: table([
                "whole": n.map { "\($0)" }, "mixed": n.map { $0 % 2 == 0 ? "\($0)" : "\($0).5" },
                "label": n.map { $0 % 3 == 0 ? "cat" : "dog" }, "when": n.map { "2026-03-\($0 % 20 + 10)T12:00:00Z" },
                "name": n.map { "pet \($0)" }, "sparse": n.map { $0 % 5 == 0 ? "" : "1" }, "none": n.map { _ in "" },
                "odd": n.map { $0 == 7 ? "seven" : "\($0)" }, "chip": n.map { $0 % 2 == 0 ? "true" : "false" },
            ]))
        #expect(
            schema
                == DataSchema([
                    .init("whole", .integer), .init("mixed", .number), .init("label", .text, domain: ["cat", "dog"]),
                    .init("when", .timestamp), .init("name", .text), .init("sparse", .integer, isNullable: true),
                    .init("none", .null, isNullable: true), .init("odd", .text), .init("chip", .bool),
                ]))
        #expect(try CanonicalJSON.decode(DataSchema.self, from: CanonicalJSON.encode(schema)) == schema)
    }

    @Test("Each change is compatible or breaking for who reads the old data") func compares() throws {
        let old = DataSchema([
            .init("a", .integer), .init("b", .number), .init("c", .text, isNullable: true),
            .init("d", .text, domain: ["x", "y"]), .init("e", .bool),
        ])
        #expect(SchemaDiff(from: old, to: old).compatibility == .identical)
        let cases: [(ColumnSchema, SchemaDiff.Change.Kind)] = [
            (.init("a", .number), .kindChanged), (.init("b", .integer), .kindNarrowed),
            (.init("a", .integer, isNullable: true), .becameNullable), (.init("c", .text), .becameRequired),
            (.init("d", .text, domain: ["x", "y", "z"]), .domainGrew),
            (.init("d", .text, domain: ["x"]), .domainShrank),
            (.init("d", .text), .domainGrew), (.init("c", .text, isNullable: true, domain: ["q"]), .domainShrank),
            (.init("f", .text), .columnAdded), (.init("c", .null, isNullable: true), .kindNarrowed),
        ]
        for (column, kind) in cases {
            let new = DataSchema(old.columns.filter { $0.name != column.name } + [column])
            let diff = SchemaDiff(from: old, to: new)
            #expect(diff.changes.map(\.kind) == [kind], "\(column)")
            let isBreaking = [.kindChanged, .becameNullable, .domainGrew].contains(kind)
            #expect(diff.compatibility == (isBreaking ? .breaking : .compatible))
        }
        let removed = SchemaDiff(from: old, to: DataSchema(old.columns.dropLast()))
        #expect(removed.changes.map(\.kind) == [.columnRemoved] && removed.compatibility == .breaking)
    }

    @Test("A schema's expectations pass the data it came from, and name what other data break") func reports() throws {
        let n = 0..<40
        let good = try table(["label": n.map { $0 % 2 == 0 ? "cat" : "dog" }, "width": n.map { "\(96 + $0)" }])
        let suite = try DataSchema(inferredFrom: good).expectations
        #expect(suite.report(on: good).verdict == .pass)
        let bad = try table(["label": n.map { $0 == 3 ? "bird" : "cat" }, "width": n.map { $0 == 5 ? "" : "wide" }])
        let report = suite.report(on: bad)
        #expect(
            Set(report.unmet.map(\.expectation.name)) == [
                "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_null",
                "expect_column_values_to_be_of_type",
            ])
        #expect(#expect(throws: MLOpsError.self) { try report.check() }?.code == .gateRefused)
    }

    @Test("Columns of different lengths or one name are refused; rows fill what they lack with null") func makesTables()
        throws
    {
        #expect(throws: MLOpsError.self) { try DataTable([.init("a", [.null]), .init("b", [])]) }
        #expect(throws: MLOpsError.self) { try DataTable([.init("a", []), .init("a", [])]) }
        let table = try DataTable(rows: [["a": .integer(1)], ["b": .text("x")]])
        #expect(table["a"]?.values == [.integer(1), .null] && table["b"]?.values == [.null, .text("x")])
        #expect(throws: MLOpsError.self) { try table.column("c") }
        let version = try DatasetVersion(
            entries: [.init(id: "1", digest: Digest(of: Data()), label: "cat", attributes: ["w": "3", "id": "x"])])
        let entries = try DataTable(version)
        #expect(entries.columns.map(\.name) == ["id", "label", "w"])
        #expect(entries["id"]?.values == [.text("1")] && entries["w"]?.values == [.integer(3)])
    }
}
