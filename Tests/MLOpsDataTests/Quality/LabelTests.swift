import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Finding wrong labels") struct LabelTests {
    private struct Case: Codable {
        var labels: [Int]
        var probabilities: [[Double]]
        var issues: [Int]
        var ranked: [Int]
        var joint: [[Int]]
        var margins: [Double]
    }
    private struct Cases: Codable { var cases: [Case] }

    @Test("The same labels are found as by cleanlab, in the same order, by the same counts") func agreesWithCleanlab()
        throws
    {
        let cases = try JSONDecoder().decode(Cases.self, from: Fixture.bytes("quality/label_issues.json")).cases
        #expect(cases.map(\.issues.count).filter { $0 > 20 }.count >= 3)
        for known in cases {
            let found = try ConfidentLearning().issues(labels: known.labels, probabilities: known.probabilities)
            #expect(found.confidentJoint == known.joint)
            #expect(found.issues.map(\.index).sorted() == known.issues)
            #expect(found.issues.map(\.index) == known.ranked)
            let margins = found.issues.sorted { $0.index < $1.index }.map(\.normalizedMargin)
            #expect(zip(margins, known.margins).allSatisfy { abs($0 - $1) < 1e-12 })
        }
    }

    @Test("Shapes, classes and probabilities that don't fit are refused") func refuses() {
        let finder = ConfidentLearning()
        let bad: [([Int], [[Double]])] = [
            ([], []), ([0], []), ([0, 1], [[0.5, 0.5]]), ([2], [[0.5, 0.5]]), ([-1], [[0.5, 0.5]]), ([0], [[1]]),
            ([0, 1], [[0.5, 0.5], [1]]), ([0], [[.nan, 0.5]]), ([0], [[1.5, -0.5]]), ([0], [[]]),
        ]
        for (labels, probabilities) in bad {
            #expect(throws: MLOpsError.self) { try finder.issues(labels: labels, probabilities: probabilities) }
            #expect(throws: MLOpsError.self) {
                try ConfidentLearning.ranking(labels: labels, probabilities: probabilities)
            }
        }
    }

    @Test("Equal scores are ranked by place, and a class without examples is none") func breaksTies() throws {
        let rows = [[0.1, 0.9, 0], [0.9, 0.1, 0], [0.1, 0.9, 0], [0.8, 0.2, 0]]
        #expect(try ConfidentLearning.ranking(labels: [0, 0, 0, 0], probabilities: rows) == [0, 2, 3, 1])
        let found = try ConfidentLearning().issues(labels: [0, 0, 1, 1], probabilities: rows)
        #expect(found.thresholds[2] == 2 && found.confidentJoint[2] == [0, 0, 0])
    }

    @Test("A review keeps decisions through JSON, and carries them out on the version it is of") func reviews() throws {
        let version = try DatasetVersion(
            entries: (0..<6).map {
                DatasetEntry(id: "\($0)", digest: Digest(of: Data("\($0)".utf8)), label: $0 < 3 ? "cat" : "dog")
            })
        let issues = [0, 4, 5].map {
            LabelIssue(
                index: $0, given: $0 < 3 ? 0 : 1, suggested: $0 < 3 ? 1 : 0, selfConfidence: 0.1, normalizedMargin: 0)
        }
        var review = try LabelReview(issues, of: version, entries: version.entries)
        #expect(review.next?.id == "0" && review.next?.suggested == "dog")
        try review.decide("0", .relabel("dog"), by: "ada")
        try review.decide("4", .remove, by: "ada")
        review = try CanonicalJSON.decode(LabelReview.self, from: CanonicalJSON.encode(review))
        #expect(review.next?.id == "5")
        try review.decide("5", .keep, by: "grace")
        #expect(review.next == nil)
        let corrected = try review.corrected(version)
        #expect(corrected.entries.map(\.label) == ["dog", "cat", "cat", "dog", "dog"])
        #expect(corrected.entries.map(\.id) == ["0", "1", "2", "3", "5"])
        #expect(throws: MLOpsError.self) { try review.corrected(corrected) }
        #expect(throws: MLOpsError.self) { try review.decide("1", .keep, by: "ada") }
        let far = LabelIssue(index: 9, given: 0, suggested: 1, selfConfidence: 0, normalizedMargin: 0)
        #expect(throws: MLOpsError.self) { try LabelReview([far], of: version, entries: version.entries) }
    }
}
