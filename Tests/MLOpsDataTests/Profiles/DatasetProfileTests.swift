import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Profiling a dataset") struct DatasetProfileTests {
    private func rows(_ range: Range<Int>) -> [[String: DataValue]] {
        range.map { i in
            var row: [String: DataValue] = ["id": .integer(i), "weight": .number(Double(i % 100) / 2)]
            if i % 4 != 0 { row["name"] = .text("pet \(i % 7)") }
            if i >= 500 { row["chip"] = .bool(i % 2 == 0) }
            return row
        }
    }

    @Test("A profile merged of parts is the profile of all rows, within the sketches' errors; late columns too")
    func merges() throws {
        var whole = DatasetProfile()
        for row in rows(0..<1000) { try whole.add(row) }
        var merged = DatasetProfile()
        for part in [0..<300, 300..<301, 301..<1000] {
            var piece = DatasetProfile()
            for row in rows(part) { try piece.add(row) }
            try merged.merge(piece)
        }
        #expect(merged.rowCount == 1000 && Set(merged.columns.keys) == ["id", "weight", "name", "chip"])
        for (name, column) in whole.columns {
            let other = try #require(merged.columns[name])
            #expect(other.count == 1000 && other.kinds == column.kinds && other.distinct == column.distinct)
            #expect(other.minimum == column.minimum && other.maximum == column.maximum)
            #expect(other.minLength == column.minLength && other.maxLength == column.maxLength)
            #expect(abs(other.moments.mean - column.moments.mean) < 1e-9)
            if let a = other.quantiles.quantile(0.5), let b = column.quantiles.quantile(0.5) {
                #expect(abs(other.quantiles.share(atMost: b) - 0.5) < 0.03 && abs(a - b) <= 0.03 * 1000)
            }
        }
        let name = try #require(merged.columns["name"])
        #expect(name.nulls == 250 && name.frequent.error == 0 && name.frequent.items.count == 7)
        #expect(merged.columns["chip"]?.nulls == 500)
        #expect(try DatasetProfile(of: DataTable(rows: rows(0..<1000))) == whole)
    }

    @Test("A profile survives JSON, and stays small however many rows it has seen") func isSmall() throws {
        var profile = DatasetProfile()
        for i in 0..<20_000 {
            try profile.add(["x": .number(Double(i) * 0.7), "text": .text(String(repeating: "\(i)", count: 60))])
        }
        let json = try CanonicalJSON.encode(profile)
        #expect(json.count < 60_000)
        #expect(try CanonicalJSON.decode(DatasetProfile.self, from: json) == profile)
    }

    @Test("More columns than the limit are refused") func limitsColumns() throws {
        var profile = DatasetProfile(maxColumns: 2)
        try profile.add(["a": .null, "b": .null])
        #expect(#expect(throws: MLOpsError.self) { try profile.add(["c": .null]) }?.code == .limitExceeded)
        var other = DatasetProfile(maxColumns: 2)
        try other.add(["d": .null])
        #expect(throws: MLOpsError.self) { try profile.merge(other) }
    }

    @Test("Numbers that are not finite are counted, and spoil neither moments nor quantiles") func passesOverNaN()
        throws
    {
        let column = ColumnProfile(of: [.number(1), .number(.nan), .number(.infinity), .number(3)])
        #expect(column.count == 4 && column.moments.mean == 2 && column.maximum == 3)
        _ = try CanonicalJSON.encode(column)
    }

    @Test("Rows of a CSV file are profiled as they are read") func profilesASource() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "pets.csv")
            let rows = (0..<500).map { "\($0),\($0 % 3 == 0 ? "" : "\($0).5"),\($0 % 2 == 0 ? "cat" : "dog")" }
            try Data((["id,weight,label"] + rows).joined(separator: "\n").utf8).write(to: file)
            let profile = try await DatasetProfile(of: CSVSource(at: file, pathColumn: nil))
            #expect(profile.rowCount == 500 && profile.columns["weight"]?.nulls == 167)
            #expect(
                DataSchema(inferredFrom: profile)
                    == DataSchema([
                        .init("id", .integer), .init("weight", .number, isNullable: true),
                        .init("label", .text, domain: ["cat", "dog"]),
                    ]))
        }
    }

    @Test(
        "A profile whose parts contradict each other is refused, never a trap",
        arguments: [
            (#""k":200"#, #""k":0"#), (#""count":3,"distinct""#, #""count":-3,"distinct""#),
            (#""precision":12"#, #""precision":70"#),
            (#""precision":12"#, #""precision":13"#), (#""capacity":64"#, #""capacity":0"#),
            (#""levels":[["#, #""levels":[[1],["#), (#""levels":[[1,2]]"#, #""levels":[]"#),
            (#""rowCount":3"#, #""rowCount":4"#),
            (#""integer":2"#, #""integer":9223372036854775807"#),
        ])
    func refusesDamage(part: String, other: String) throws {
        var profile = DatasetProfile()
        for value in [DataValue.integer(1), .integer(2), .null] { try profile.add(["x": value]) }
        let json = String(decoding: try CanonicalJSON.encode(profile), as: UTF8.self)
        #expect(json.contains(part), "\(json.prefix(600))")
        let damaged = json.replacingOccurrences(of: part, with: other)
        #expect(throws: MLOpsError.self) { try CanonicalJSON.decode(DatasetProfile.self, from: Data(damaged.utf8)) }
    }
}
