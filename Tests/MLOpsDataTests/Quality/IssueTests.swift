import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Scanning for issues") struct IssueTests {
    private static let count = 400

    /// Records without any trouble: shuffled labels, measurements that say little, features from one cloud.
    private func subject(
        _ change: (inout [DataTable.Column], inout SeededGenerator) -> Void = { _, _ in }
    ) throws -> IssueSubject {
        var chance = SeededGenerator(seed: 11)
        let labels = chance.shuffled((0..<Self.count).map { $0 % 2 == 0 ? "cat" : "dog" })
        var columns: [DataTable.Column] = [
            .init("label", labels.map { .text($0) }),
            .init("weight", labels.map { _ in .number(chance.normal()) }),
            .init("color", labels.map { _ in .text(["black", "white", "brown"][chance.integer(below: 3)]) }),
        ]
        change(&columns, &chance)
        var subject = try IssueSubject(DataTable(columns), labelColumn: "label")
        subject.features = labels.map { _ in (0..<6).map { _ in chance.normal() } }
        subject.prints = labels.indices.map {
            PictureFingerprint(
                id: "row-\($0 + 1)", difference: DifferenceHash(bits: chance.next()),
                perceptual: PerceptualHash(bits: chance.next()))
        }
        subject.probabilities = labels.map { label in
            let right = chance.uniform() < 0.9 ? chance.uniform(in: 0.85...1) : chance.uniform(in: 0.4...0.6)
            return label == "cat" ? [right, 1 - right] : [1 - right, right]
        }
        return subject
    }

    private func kinds(_ subject: IssueSubject) throws -> [DataIssue.Kind] {
        try IssueScan.standard.issues(in: subject).map(\.kind)
    }

    @Test("A dataset without trouble has no issue") func isQuiet() throws {
        #expect(try kinds(subject()) == [])
        #expect(try kinds(IssueSubject(DataTable([]))) == [])
    }

    @Test("A column with missing values is found") func findsNulls() throws {
        let found = try IssueScan.standard.issues(
            in: subject { columns, _ in for i in 0..<40 { columns[1].values[i * 9] = .null } })
        #expect(found.map(\.kind) == [.null])
        #expect(found.first?.column == "weight" && found.first?.count == 40 && found.first?.records.first == "row-1")
    }

    @Test("A small class is found") func findsImbalance() throws {
        let found = try ImbalanceCheck().issues(
            in: subject { columns, _ in for i in 0..<12 { columns[0].values[i * 31] = .text("bird") } })
        #expect(found.map(\.kind) == [.imbalance] && found.first?.count == 12)
    }

    @Test("Numbers and names of records are found, measurements are not") func findsIdentifiers() throws {
        let found = try IdentifierCheck().issues(
            in: subject { columns, chance in
                columns.append(.init("number", chance.shuffled((0..<Self.count).map { .integer($0) })))
                columns.append(.init("file", (0..<Self.count).map { .text("photo-\($0).jpg") }))
            })
        #expect(found.map(\.column) == ["number", "file"])
    }

    @Test("A column that tells the label is found, as text and as number; names are not taken for one")
    func findsLabelLeaks() throws {
        let found = try LabelLeakCheck().issues(
            in: subject { columns, chance in
                let labels = columns[0].values
                columns.append(.init("folder", labels.map { .text("archive/\($0.text)s") }))
                columns.append(
                    .init("score", labels.map { .number(($0.text == "cat" ? 0 : 3) + chance.uniform()) }))
                columns.append(.init("file", labels.enumerated().map { .text("\($1.text)-\($0)") }))
                columns.append(
                    .init("hint", labels.map { .text(chance.uniform() < 0.8 ? $0.text : "unknown") }))
            })
        #expect(Set(found.compactMap(\.column)) == ["folder", "score"])
    }

    @Test("Sorted labels and a drifting number are found") func findsOrder() throws {
        let found = try OrderCheck().issues(
            in: subject { columns, chance in
                columns[0].values = (0..<Self.count).map { .text($0 < 200 ? "cat" : "dog") }
                columns.append(.init("heat", (0..<Self.count).map { .number(Double($0) / 50 + chance.normal()) }))
            })
        #expect(found.map(\.column) == ["label", "heat"] && found.allSatisfy { $0.score > 6 })

        let labels = (0..<100).map { $0 < 50 ? "cat" : "dog" }
        let table = try DataTable([.init("label", labels.map { .text($0) })])
        let folders = labels.enumerated().map { "\($1)/\($0).jpg" }
        #expect(try OrderCheck().issues(in: IssueSubject(table, ids: folders, labelColumn: "label")).isEmpty)
        #expect(try OrderCheck().issues(in: IssueSubject(table, labelColumn: "label")).count == 1)
    }

    @Test("The join count has the moments that shuffling has") func joinsAreCalibrated() throws {
        var chance = SeededGenerator(seed: 8)
        let labels = (0..<200).map { ["a", "a", "a", "b", "c"][$0 % 5] }
        // Under shuffling, the score is a standard normal number: about 5 % are beyond 1.645.
        let check = OrderCheck(limit: 1.645, minCount: 50)
        let found = try (0..<1000).count { _ in
            let column = DataTable.Column("label", chance.shuffled(labels).map { .text($0) })
            return try !check.issues(in: IssueSubject(DataTable([column]), labelColumn: "label")).isEmpty
        }
        #expect((25...85).contains(found), "\(found)")
    }

    @Test("Pictures that look alike are found") func findsNearDuplicates() throws {
        var subject = try subject()
        subject.prints[70].difference = DifferenceHash(bits: subject.prints[3].difference.bits ^ 0b101)
        #expect(try NearDuplicateCheck().issues(in: subject).isEmpty)
        subject.prints[70].perceptual = subject.prints[3].perceptual
        let found = try NearDuplicateCheck().issues(in: subject)
        #expect(found.first?.records == ["row-4", "row-71"] && found.first?.score == 2)
    }

    @Test("Records that are like no others are found, whatever the features' scales") func findsOutliers() throws {
        var subject = try subject()
        subject.features = subject.features.map { [$0[0] * 1e6] + $0[1...].map { $0 * 1e-3 } }
        subject.features[17] = [9e6, 9e-3, 0, 0, 0, 9e-3]
        let found = try OutlierCheck().issues(in: subject)
        #expect(found.first?.records == ["row-18"])
        subject.features[5] = [.nan, 0, 0, 0, 0, 0]
        #expect(throws: MLOpsError.self) { try OutlierCheck().issues(in: subject) }
        subject.features = Array(subject.features.prefix(20))
        #expect(try OutlierCheck().issues(in: subject).isEmpty)
    }

    @Test("A group for which the model is worse is found") func findsUnderperformance() throws {
        var subject = try subject()
        let column = try #require(subject.table["color"])
        for (i, color) in column.values.enumerated() where color == .text("brown") {
            subject.probabilities[i] = i % 2 == 0 ? [0.9, 0.1] : [0.1, 0.9]
        }
        let found = UnderperformanceCheck().issues(in: subject)
        #expect(found.first?.column == "color" && found.first?.summary.contains("'brown'") == true)
        #expect(found.allSatisfy { $0.column == "color" })
    }

    @Test("Wrong labels are found") func findsWrongLabels() throws {
        let planted = [4, 50, 99, 200]
        var subject = try subject()
        for i in planted { subject.probabilities[i] = subject.labels[i] == "cat" ? [0.01, 0.99] : [0.99, 0.01] }
        let found = try LabelCheck().issues(in: subject)
        let records = Set(try #require(found.first).records)
        #expect(records.isSuperset(of: planted.map { "row-\($0 + 1)" }))
    }

    @Test("The checks keep the promises of a check") func passTheExam() throws {
        let sound = try subject()
        var twins = sound
        twins.prints[70] = PictureFingerprint(
            id: "row-71", difference: twins.prints[3].difference, perceptual: twins.prints[3].perceptual)
        try IssueCheckExam(of: NearDuplicateCheck()).run(finding: twins, notIn: sound)
        var far = sound
        far.features[9] = [50, 50, 50, 50, 50, 50]
        try IssueCheckExam(of: OutlierCheck()).run(finding: far, notIn: sound)
        let holed = try subject { columns, _ in for i in 0..<100 { columns[1].values[i] = .null } }
        try IssueCheckExam(of: NullCheck()).run(finding: holed, notIn: sound)
        #expect(throws: ExamFailure.self) { try IssueCheckExam(of: NullCheck()).run(finding: sound, notIn: sound) }
    }

    @Test("Issues survive JSON, and a version's own columns are scanned") func areValues() throws {
        let found = try IssueScan.standard.issues(in: subject { columns, _ in columns[2].values[0] = .null })
        #expect(try CanonicalJSON.decode([DataIssue].self, from: CanonicalJSON.encode(found)) == found)
        let version = try DatasetVersion(
            entries: (0..<60).map {
                DatasetEntry(
                    id: "\($0)", digest: Digest(of: Data("\($0)".utf8)), label: $0 < 50 ? "cat" : "dog",
                    attributes: ["file": "f\($0).jpg"])
            })
        let kinds = try IssueScan.standard.issues(in: IssueSubject(version)).map(\.kind)
        // Entries come in the order of their ids, here that of their labels.
        #expect(kinds == [.identifier, .order])
        #expect(throws: MLOpsError.self) { try IssueSubject(DataTable([]), labelColumn: "label") }
        #expect(throws: MLOpsError.self) { try IssueSubject(DataTable([.init("a", [.null])]), ids: []) }
    }

}
