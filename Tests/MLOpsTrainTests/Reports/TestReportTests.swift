import Foundation
import MLOpsCore
import MLOpsTrain
import Testing

@Suite("TestReport")
struct TestReportTests {
    /// 600 outcomes; the answers are 95 % right, but 60 % at the camera `north` and at `rare`, which has 5 examples.
    static func outcomes(seed: UInt64 = 1) -> [ClassificationOutcome] {
        var generator = SeededGenerator(seed: seed)
        return (0..<600).map { index in
            let camera = index < 5 ? "rare" : ["north", "south", "east", "west"][index % 4]
            let isRight = generator.uniform() < (camera == "north" || camera == "rare" ? 0.6 : 0.95)
            let truth = generator.integer(below: 2)
            let sureness = 0.5 + 0.5 * generator.uniform()
            let answer = isRight ? truth : 1 - truth
            return ClassificationOutcome(
                id: "photo-\(index)", truth: truth,
                probabilities: answer == 0 ? [sureness, 1 - sureness] : [1 - sureness, sureness],
                slices: ["camera": camera, "hour": "\(index % 3)"])
        }
    }

    static func report(_ requirements: [Requirement], seed: UInt64 = 1) throws -> TestReport {
        try TestReport(
            model: "park-pets", package: Digest(of: [1 as UInt8]), dataset: Digest(of: [2 as UInt8]),
            classes: ["cat", "dog"], outcomes: outcomes(seed: seed), requirements: requirements,
            history: (0..<5).map { .init(epoch: $0, values: ["loss": 1 / Double($0 + 1), "validation.loss": 0.5]) })
    }

    @Test("a planted bad slice comes first and fails; one with too few examples comes last and does not")
    func findsTheBadSlice() throws {
        let slices = try Self.report([]).slices
        #expect(slices.first?.name == "camera=north" && slices.first?.verdict == .fail)
        #expect(slices.last?.name == "camera=rare" && slices.last?.verdict == .insufficient)
        #expect(slices.filter { $0.verdict == .fail }.count == 1)
    }

    @Test("slices that are alike hardly ever fail by chance")
    func sparesGoodSlices() {
        var generator = SeededGenerator(seed: 3)
        var alarms = 0
        for trial in 0..<100 {
            let outcomes = (0..<1000).map { index in
                ClassificationOutcome(
                    id: "\(trial)-\(index)", truth: 0, predicted: generator.uniform() < 0.8 ? 0 : nil,
                    slices: ["camera": "\(index % 20)"])
            }
            alarms += SliceReport.all(outcomes).contains { $0.verdict == .fail } ? 1 : 0
        }
        #expect(alarms <= 10, "\(alarms) of 100 reports raised a false alarm")
    }

    @Test("the worst mistakes found the truth least probable, and are all wrong")
    func ranksMistakes() throws {
        let mistakes = try Self.report([]).mistakes
        let probabilities = mistakes.compactMap(\.truthProbability)
        #expect(mistakes.count == 24 && probabilities == probabilities.sorted())
        #expect(mistakes.allSatisfy { $0.truth != $0.predicted && ($0.probability ?? 0) >= 0.5 })
    }

    @Test(
        "the verdict follows from the requirements",
        arguments: [
            ([], .insufficient), ([Requirement("accuracy", .atLeast, 0.5)], .pass),
            ([Requirement("accuracy", .atLeast, 0.5), Requirement("recall.dog", .atLeast, 0.99)], .fail),
            ([Requirement("logLoss", .atMost, 0.01)], .fail), ([Requirement("logLoss", .atMost, 10)], .pass),
            ([Requirement("accuracy", .atLeast, 0.5, minimumCount: 601)], .insufficient),
            ([Requirement("accuracy@camera=rare", .atLeast, 0.5)], .insufficient),
            ([Requirement("accuracy@camera=south", .atLeast, 0.8, by: .interval)], .pass),
        ] as [([Requirement], Verdict)])
    func judges(_ requirements: [Requirement], _ verdict: Verdict) throws {
        #expect(try Self.report(requirements).verdict == verdict)
    }

    @Test("by its interval, a requirement holds or breaks as a whole, and else the data do not tell")
    func judgesByInterval() {
        let estimate = Estimate(0.9, lower: 0.85, upper: 0.93, count: 100)
        for (side, limit, verdict) in [
            (.atLeast, 0.85, .pass), (.atLeast, 0.86, .insufficient), (.atLeast, 0.94, .fail),
            (.atMost, 0.93, .pass), (.atMost, 0.9, .insufficient), (.atMost, 0.84, .fail),
        ] as [(Requirement.Side, Double, Verdict)] {
            #expect(Requirement("m", side, limit, by: .interval).verdict(on: estimate) == verdict)
        }
        #expect(Requirement("m", .atLeast, .nan).verdict(on: estimate) == .insufficient)
    }

    @Test("an unknown metric, and an example that was tested twice, are refused")
    func refuses() async throws {
        await expectError(.notFound) { _ = try Self.report([Requirement("acuracy", .atLeast, 0.5)]) }
        let twice = Self.outcomes() + [Self.outcomes()[3]]
        await expectError(.invalidArgument) {
            _ = try TestReport(
                model: "m", package: Digest(of: [1 as UInt8]), dataset: Digest(of: [2 as UInt8]),
                classes: ["cat", "dog"], outcomes: twice, requirements: [])
        }
    }

    @Test("a report survives JSON with its digest; equal outcomes give equal bytes")
    func survivesJSON() throws {
        let requirements = [Requirement("accuracy", .atLeast, 0.5)]
        let report = try Self.report(requirements)
        let copy = try TestReport(json: report.json())
        #expect(copy == report)
        #expect(try copy.digest == report.digest && Self.report(requirements).json() == report.json())
        #expect(try Self.report(requirements, seed: 2).digest != report.digest)
    }

    @Test("a report that is damaged or of a newer release is refused")
    func refusesJSON() async throws {
        var report = try Self.report([])
        let bytes = try report.json()
        await expectError(.corruptData) { _ = try TestReport(json: bytes.dropLast(5)) }
        report.schemaVersion = 2
        let newer = try report.json()
        await expectError(.newerSchema) { _ = try TestReport(json: newer) }
        let text = String(decoding: bytes, as: UTF8.self)
        let broken = text.replacing(/"counts":\[\[\d+,/, with: "\"counts\":[[-1,")
        #expect(broken != text)
        await expectError(.corruptData) { _ = try TestReport(json: Data(broken.utf8)) }
    }

    @Test("the evidence is bound to the package, names the report, and says what is not kept")
    func givesEvidence() throws {
        let report = try Self.report([Requirement("recall.dog", .atLeast, 0.99)])
        let evidence = try report.evidence(issuer: "ci", at: Date(timeIntervalSince1970: 1_700_000_000))
        #expect(evidence.kind == .modelTest && evidence.verdict == .fail)
        #expect(evidence.subject == report.package)
        #expect(try evidence.report == report.digest)
        #expect(evidence.summary.contains("recall.dog ≥ 0.99"))
    }

    @Test("the page shows verdict, charts and the pictures of the worst mistakes, and nothing from outside")
    func writesAPage() async throws {
        let report = try Self.report([
            Requirement("accuracy", .atLeast, 0.5), Requirement("recall.cat", .atLeast, 0.99),
        ])
        let html = try await report.html { id in id.hasSuffix("1") ? ([1, 2, 3], "image/jpeg") : nil }
        #expect(html.components(separatedBy: "<svg").count == 5)
        let shown = report.mistakes.filter { $0.id.hasSuffix("1") }.count
        #expect(html.components(separatedBy: "data:image/jpeg;base64,AQID").count == shown + 1)
        #expect(html.contains("recall.cat ≥ 0.99") && html.contains("camera=north"))
        #expect(!html.contains("<script") && !html.contains("src=\"http"))
        if let folder = ProcessInfo.processInfo.environment["MLOPS_REPORT_FOLDER"] {
            try Data(html.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("test-report.html"))
        }
    }
}
