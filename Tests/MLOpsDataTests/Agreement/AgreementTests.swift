import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Agreement of annotators") struct AgreementTests {
    private struct Case: Decodable {
        struct Kappa: Decodable {
            var kappa, lower, upper: Double
            var count: Int
        }
        var levels: [String]
        var ratings: [[Int?]]
        var cohen: [String: Kappa]
        var alpha: [String: Double]
        var fleiss: Double?
    }

    private static func cases() throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Fixture.bytes("agreement.json"))
    }

    /// The ratings, as the names of the levels or as their numbers.
    private static func table(_ item: Case, numbers: Bool = false) throws -> RatingTable {
        try RatingTable(
            items: item.ratings.indices.map { "item-\($0)" },
            annotators: item.ratings[0].indices.map { "annotator-\($0)" },
            ratings: item.ratings.map { $0.map { $0.map { numbers ? String($0) : item.levels[$0] } } })
    }

    @Test("Cohen's kappa is scikit-learn's, its interval that of statsmodels") func cohen() throws {
        for item in try Self.cases() {
            let table = try Self.table(item)
            let weightings: [String: CohenKappa.Weighting] = [
                "equal": .equal, "linear": .linear(order: item.levels), "quadratic": .quadratic(order: item.levels),
            ]
            for (name, weighting) in weightings {
                let expected = try #require(item.cohen[name])
                let found = try CohenKappa(weighting: weighting)
                    .estimate(of: table, between: "annotator-0", and: "annotator-1")
                #expect(abs(found.value - expected.kappa) < 1e-12)
                #expect(abs(found.lower - expected.lower) < 1e-9 && abs(found.upper - expected.upper) < 1e-9)
                #expect(found.count == expected.count)
            }
        }
    }

    @Test("Fleiss' kappa is that of statsmodels, and asks for equally many labels") func fleiss() throws {
        for item in try Self.cases() {
            let table = try Self.table(item)
            if let expected = item.fleiss {
                #expect(abs(try FleissKappa().coefficient(of: table) - expected) < 1e-12)
            } else {
                #expect(throws: MLOpsError.self) { try FleissKappa().coefficient(of: table) }
            }
        }
    }

    @Test("Krippendorff's alpha is that of krippendorff, with labels missing") func krippendorff() throws {
        for item in try Self.cases() {
            let (names, numbers) = (try Self.table(item), try Self.table(item, numbers: true))
            let found = [
                "nominal": try KrippendorffAlpha(.nominal).coefficient(of: names),
                "ordinal": try KrippendorffAlpha(.ordinal(order: item.levels)).coefficient(of: names),
                "interval": try KrippendorffAlpha(.interval).coefficient(of: numbers),
            ]
            for (level, value) in found { #expect(abs(value - (item.alpha[level] ?? .nan)) < 1e-12, "\(level)") }
        }
    }

    @Test("What is not defined throws, and says what to do") func undefined() throws {
        let equal = try RatingTable(items: ["1", "2"], annotators: ["a", "b"], ratings: [["x", "x"], ["x", "x"]])
        let empty = try RatingTable(items: ["1"], annotators: ["a", "b"], ratings: [[nil, "x"]])
        for table in [equal, empty] {
            for body in [
                { try CohenKappa().estimate(of: table, between: "a", and: "b").value },
                { try FleissKappa().coefficient(of: table) }, { try KrippendorffAlpha().coefficient(of: table) },
            ] { #expect(#expect(throws: MLOpsError.self) { _ = try body() }?.code == .insufficientData) }
        }
        let words = try RatingTable(items: ["1"], annotators: ["a", "b"], ratings: [["x", "y"]])
        #expect(throws: MLOpsError.self) { try KrippendorffAlpha(.interval).coefficient(of: words) }
        #expect(throws: MLOpsError.self) { try KrippendorffAlpha(.ordinal(order: ["x"])).coefficient(of: words) }
        #expect(throws: MLOpsError.self) { try CohenKappa().estimate(of: words, between: "a", and: "c") }
        #expect(throws: MLOpsError.self) { try RatingTable(items: ["1"], annotators: ["a"], ratings: [["x", "y"]]) }
    }

    @Test("The labels that annotators gave pictures make a table") func ofAnnotations() throws {
        func image(_ file: String, _ labels: [String: String]) -> AnnotatedImage {
            AnnotatedImage(
                file, size: nil,
                annotations: labels.sorted { $0.key < $1.key }.map { Annotation($1, .picture, annotator: $0) })
        }
        let set = try AnnotationSet(images: [image("1", ["ada": "cat", "bo": "dog"]), image("2", ["bo": "dog"])])
        let table = try RatingTable(imageLabelsOf: set)
        #expect(table.annotators == ["ada", "bo"])
        #expect(table.ratings == [["cat", "dog"], [nil, "dog"]])
        #expect(table.disagreement(on: 0) == 1 && table.disagreement(on: 1) == 0)
    }

    @Test("The queue gives what is disagreed on most first, and keeps who decided what and when") func adjudicates()
        async throws
    {
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "queue.sqlite")
            let table = try RatingTable(
                items: ["a", "b", "c"], annotators: ["1", "2", "3"],
                ratings: [["x", "x", "y"], ["x", "y", "z"], ["x", "x", nil]])
            let queue = try AdjudicationQueue(at: url)
            try await queue.add(table)
            try await queue.add(table)
            let pending = try await queue.pending()
            #expect(pending.map(\.item) == ["b", "a"])
            #expect(pending[0].disagreement == 1 && abs(pending[1].disagreement - 2 / 3) < 1e-15)
            #expect(pending[1].ratings == ["1": "x", "2": "x", "3": "y"])
            let day = Date(timeIntervalSince1970: 1_790_000_000)
            try await queue.decide("b", is: "y", by: "Ada", why: "the ears", at: day)
            try await queue.decide("b", is: "z", by: "Bo", at: day + 1)
            await #expect(throws: MLOpsError.self) { try await queue.decide("c", is: "x", by: "Ada", at: day) }
            await #expect(throws: MLOpsError.self) { try await queue.decide("a", is: "", by: "Ada", at: day) }
            let again = try AdjudicationQueue(at: url)
            #expect(try await again.pending().map(\.item) == ["a"])
            #expect(try await again.labels() == ["b": "z"])
            let decisions = try await again.decisions()
            #expect(decisions.map(\.label) == ["y", "z"] && decisions.map(\.by) == ["Ada", "Bo"])
            #expect(decisions.map(\.why) == ["the ears", ""] && decisions.map(\.at) == [day, day + 1])
            #expect(throws: MLOpsError.self) { try DataCatalog(at: url) }
        }
    }
}
