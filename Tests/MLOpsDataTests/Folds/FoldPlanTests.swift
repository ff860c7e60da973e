import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Dealing folds") struct FoldPlanTests {
    private struct Case: Codable {
        var kind: String
        var n: Int
        var k: Int
        var classes: [Int]?
        var groups: [Int]?
        var testCount: Int?
        var gap: Int?
        var maxTraining: Int?
        var folds: [Fold]
    }
    private struct Cases: Codable { var cases: [Case] }

    @Test("Without a seed the indices are those of scikit-learn") func agreesWithScikitLearn() throws {
        let cases = try JSONDecoder().decode(Cases.self, from: Fixture.bytes("quality/folds.json")).cases
        #expect(Set(cases.map(\.kind)) == ["k", "stratified", "group", "forward"])
        for known in cases {
            let plan = try FoldPlan(known.k)
            let folds =
                switch known.kind {
                case "k": try plan.folds(of: known.n)
                case "stratified": try plan.folds(stratifiedBy: known.classes ?? [])
                case "group": try plan.folds(groupedBy: known.groups ?? [])
                default:
                    try plan.folds(
                        forward: known.n, testCount: known.testCount, gap: known.gap ?? 0,
                        maxTraining: known.maxTraining)
                }
            #expect(folds == known.folds, "\(known.kind), \(known.n) in \(known.k)")
        }
    }

    @Test("With a seed each example is judged once, classes stay even and groups whole") func shuffles() throws {
        let plan = try FoldPlan(4, seed: 3)
        let classes = (0..<90).map { $0 % 3 == 0 ? "cat" : "dog" }
        let groups = (0..<90).map { $0 / 4 }
        for folds in try [plan.folds(of: 90), plan.folds(stratifiedBy: classes), plan.folds(groupedBy: groups)] {
            #expect(folds.flatMap(\.test).sorted() == Array(0..<90))
            #expect(folds.allSatisfy { Set($0.training).isDisjoint(with: $0.test) && $0.training.count > 60 })
        }
        for fold in try plan.folds(stratifiedBy: classes) {
            #expect((7...8).contains(fold.test.count { classes[$0] == "cat" }))
        }
        for fold in try plan.folds(groupedBy: groups) {
            #expect(Set(fold.training.map { groups[$0] }).isDisjoint(with: fold.test.map { groups[$0] }))
        }
        #expect(try plan.folds(of: 90) != FoldPlan(4, seed: 4).folds(of: 90))
        #expect(try plan.folds(of: 90) == FoldPlan(4, seed: 3).folds(of: 90))
    }

    @Test("A version's folds are even over its labels, or keep its groups") func foldsAVersion() throws {
        let version = try DatasetVersion(
            entries: (0..<40).map {
                DatasetEntry(
                    id: "\($0)", digest: Digest(of: Data("\($0)".utf8)), label: $0 < 10 ? "a" : "b",
                    attributes: ["g": "\($0 % 8)"])
            })
        let plan = try FoldPlan(5)
        let even = try version.folds(plan)
        #expect(even.allSatisfy { $0.test.count { version.entries[$0].label == "a" } == 2 })
        for fold in try version.folds(plan, group: .attribute("g")) {
            let sides = [fold.training, fold.test].map { Set($0.map { version.entries[$0].attributes["g"] }) }
            #expect(sides[0].isDisjoint(with: sides[1]))
        }
    }

    @Test("Too few examples, classes or groups are refused") func refuses() throws {
        #expect(throws: MLOpsError.self) { try FoldPlan(1) }
        let plan = try FoldPlan(5)
        #expect(throws: MLOpsError.self) { try plan.folds(of: 4) }
        #expect(throws: MLOpsError.self) { try plan.folds(of: 0) }
        #expect(throws: MLOpsError.self) { try plan.folds(stratifiedBy: ["a", "b", "a", "b"]) }
        #expect(throws: MLOpsError.self) { try plan.folds(groupedBy: [1, 1, 2, 2, 3, 4, 4]) }
        #expect(throws: MLOpsError.self) { try plan.folds(forward: 10, testCount: 2) }
        #expect(throws: MLOpsError.self) { try plan.folds(forward: 10, testCount: .max) }
        #expect(throws: MLOpsError.self) { try plan.folds(forward: 10, gap: .max) }
        #expect(throws: MLOpsError.self) { try plan.folds(forward: 10, testCount: 1, maxTraining: 0) }
    }
}
