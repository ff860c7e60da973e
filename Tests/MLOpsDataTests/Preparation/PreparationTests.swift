import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Preparing tables") struct PreparationTests {
    /// What scikit-learn made of a table; see Tests/Oracles/preparation_oracle.py.
    private struct Oracle: Decodable {
        var training: [String: [DataValue]]
        var later: [String: [DataValue]]
        var features: [[Double]]
    }

    private static let numbers = ["age", "weight", "visits", "time", "constant"]
    private static let texts = ["breed", "size"]
    private static let preparation = Preparation([
        ColumnPreparation("age", .standardized, imputing: .mean),
        ColumnPreparation("weight", .robust, imputing: .median),
        ColumnPreparation("visits", .range(-1...2), imputing: .mostFrequent),
        ColumnPreparation("time", .standardized), ColumnPreparation("constant", .range(0...1)),
        ColumnPreparation("breed", .oneHot, imputing: .mostFrequent),
        ColumnPreparation("size", .ordinal(["small", "medium", "large"])),
    ])

    /// A training part of rows, through a version and a split that keeps all but one row.
    private func training(_ rows: [[String: String]]) throws -> TabularDataset<TrainingPart> {
        try split(rows).trainingRows(numbers: Self.numbers, texts: Self.texts)
    }

    private func split(_ rows: [[String: String]]) throws -> DatasetSplit {
        let entries = rows.enumerated().map { i, row in
            DatasetEntry(
                id: "\(1000 + i)", digest: Digest(of: Data("\(i)".utf8)), label: i % 2 == 0 ? "a" : "b", attributes: row
            )
        }
        return try Split(seed: 1, train: 1)(DatasetVersion(entries: entries))
    }

    private func rows(_ columns: [String: [DataValue]]) -> [[String: DataValue]] {
        (0..<(columns.first?.value.count ?? 0)).map { i in columns.mapValues { $0[i] } }
    }

    private func attributes(_ row: [String: DataValue]) -> [String: String] {
        row.compactMapValues {
            switch $0 {
            case .null: nil
            default: $0.text
            }
        }
    }

    @Test("Means, quartiles, ranges, categories and what stands in for missing values are scikit-learn's")
    func matchesScikitLearn() throws {
        let oracle = try JSONDecoder().decode(Oracle.self, from: Fixture.bytes("preparation.json"))
        let fitted = try Self.preparation.fit(on: training(rows(oracle.training).map(attributes)))
        #expect(fitted.features.count == oracle.features[0].count)
        for (row, expected) in zip(rows(oracle.later), oracle.features) {
            let features = try fitted.features(of: fitted.row(of: row))
            for (found, wanted) in zip(features, expected) {
                #expect(abs(Double(found) - wanted) <= 1e-6 * max(1, abs(wanted)), "\(row): \(found), \(wanted)")
            }
        }
    }

    @Test("A table, its rows one by one and its rows as JSON give the same features") func agreesWithServing() throws {
        let oracle = try JSONDecoder().decode(Oracle.self, from: Fixture.bytes("preparation.json"))
        let part = try training(rows(oracle.training).map(attributes))
        let fitted = try Self.preparation.fit(on: part)
        let dataset = try part.prepared(by: fitted)
        let decoder = RowInputDecoder(fitted)
        let spec = ModelSignature.TensorSpec("rows", .float64, shape: [-1, fitted.columns.count])
        for (i, row) in rows(oracle.training).enumerated() {
            let served = try decoder.decode([UInt8](CanonicalJSON.encode(row)), for: spec)
            #expect(served.shape == [7])
            let numbers = served.bytes.withUnsafeBytes { raw in
                (0..<7).map { raw.load(fromByteOffset: 8 * $0, as: Double.self) }
            }
            #expect(try fitted.features(of: numbers).map(Double.init) == dataset.example(at: i).features)
        }
        #expect(dataset.example(at: 3).id == "1003" && dataset.example(at: 3).label == 1)
    }

    @Test("A preparation and what was fitted are values: they read back, and equal data give an equal digest")
    func hasIdentity() throws {
        let oracle = try JSONDecoder().decode(Oracle.self, from: Fixture.bytes("preparation.json"))
        let all = rows(oracle.training).map(attributes)
        let fitted = try Self.preparation.fit(on: training(all))
        #expect(
            try CanonicalJSON.decode(Preparation.self, from: CanonicalJSON.encode(Self.preparation)) == Self.preparation
        )
        #expect(try CanonicalJSON.decode(TabularPreprocessing.self, from: CanonicalJSON.encode(fitted)) == fitted)
        #expect(try Digest(ofJSON: Self.preparation.fit(on: training(all))) == Digest(ofJSON: fitted))
        #expect(try Digest(ofJSON: Self.preparation.fit(on: training(Array(all.dropLast())))) != Digest(ofJSON: fitted))
    }

    @Test("A row that does not fit is refused, and says why") func refusesRows() throws {
        let fitted = try Preparation([
            ColumnPreparation("age", .asIs, imputing: .number(2), marksMissing: true),
            ColumnPreparation("size", .oneHot),
        ]).fit(on: training([["age": "3", "size": "small"], ["size": "large"]]))
        #expect(fitted.features.map(\.name) == ["age", "age is missing", "size=large", "size=small"])
        let decoder = RowInputDecoder(fitted, maxBytes: 100)
        let spec = ModelSignature.TensorSpec("rows", .float64, shape: [-1, 2])
        let served = try decoder.decode(Array(#"{"size":"small"}"#.utf8), for: spec)
        let numbers = served.bytes.withUnsafeBytes { raw in
            (0..<2).map { raw.load(fromByteOffset: 8 * $0, as: Double.self) }
        }
        #expect(try fitted.features(of: numbers) == [2, 1, 0, 1])
        for (text, code) in [
            (#"{"age":1}"#, MLOpsError.Code.invalidArgument), (#"{"size":"small","agee":1}"#, .invalidArgument),
            (#"{"size":3}"#, .invalidArgument), (#"{"size":"small","age":"3"}"#, .invalidArgument),
            (#"{"size":true}"#, .invalidArgument), (#"{"size":[]}"#, .corruptData), ("[1]", .corruptData),
            ("{", .corruptData), ("", .corruptData),
            (#"{"size":""# + String(repeating: "x", count: 100) + #""}"#, .limitExceeded),
        ] {
            let error = #expect(throws: MLOpsError.self, "\(text)") { try decoder.decode(Array(text.utf8), for: spec) }
            #expect(error?.code == code, "\(text)")
        }
        #expect(throws: MLOpsError.self) {
            try decoder.decode(Array("{}".utf8), for: .init("rows", .float32, shape: [-1, 2]))
        }
    }

    @Test("Training data that can't be prepared is refused") func refusesData() throws {
        let part = try training([["age": "3", "size": "small"], ["size": "large", "weight": "1"], ["weight": "2"]])
        for (column, code) in [
            (ColumnPreparation("nothing", .asIs), MLOpsError.Code.notFound),
            (ColumnPreparation("age", .asIs), .invalidArgument),
            (ColumnPreparation("age", .oneHot), .invalidArgument),
            (ColumnPreparation("size", .robust), .invalidArgument),
            (ColumnPreparation("size", .oneHot), .invalidArgument),
            (ColumnPreparation("breed", .oneHot), .insufficientData),
            (ColumnPreparation("time", .standardized), .insufficientData),
            (ColumnPreparation("age", .asIs, imputing: .text("x")), .invalidArgument),
            (ColumnPreparation("size", .oneHot, imputing: .mean), .invalidArgument),
        ] {
            let error = #expect(throws: MLOpsError.self, "\(column)") { try Preparation([column]).fit(on: part) }
            #expect(error?.code == code, "\(column)")
        }
        let few = Preparation([ColumnPreparation("size", .oneHot, imputing: .text("small"))], maximumCategories: 1)
        #expect(throws: MLOpsError.self) { try few.fit(on: part) }
        #expect(throws: MLOpsError.self) { try Preparation([]).fit(on: part) }
        #expect(throws: MLOpsError.self) { try training([["age": "three"]]) }
        #expect(throws: MLOpsError.self) { try training([["age": "inf"]]) }
    }
}
