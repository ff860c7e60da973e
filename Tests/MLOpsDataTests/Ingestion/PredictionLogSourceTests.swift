import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Monitoring data as versions") struct PredictionLogSourceTests {
    @Test("A day's predictions become a version, and late labels a change of it") func landsPredictions() async throws {
        let log = InMemoryPredictionLog()
        let day = Date(timeIntervalSince1970: 1_800_000_000)
        await log.append(
            (0..<50).map { i in
                PredictionRecord(
                    id: "p-\(i)", at: day + Double(i), deployment: "park", package: Digest(of: Data("pets".utf8)),
                    label: i % 2 == 0 ? "cat" : "dog", probabilities: [0.25, 0.75],
                    input: Digest(of: Data("\(i)".utf8)),
                    features: ["brightness": Double(i)], tags: ["camera": "\(i % 3)"], latency: 0.01)
            })
        let source = PredictionLogSource(log, from: day, to: day + 40)
        try await DataSourceExam(of: source).run()
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            func land() async throws -> DatasetVersion {
                try await Ingestion("day", checks: [], minimumClasses: 0).run(from: source, into: store).version
            }
            let first = try await land()
            #expect(first.entries.count == 40 && first.labels.isEmpty)
            let entry = try #require(first.entries.first { $0.id == "p-7" })
            #expect(entry.attributes["camera"] == "1" && entry.attributes["deployment"] == "park")
            let content = try CanonicalJSON.decode(
                PredictionLogSource.Content.self, from: try await store.bytes(of: entry))
            #expect(content.prediction.features == ["brightness": 7])
            await log.append(labels: [PredictionLabel(id: "p-7", label: "cat", at: day + 99, source: "vet")])
            let second = try await land()
            let diff = try store.difference(from: first.digest, to: second.digest)
            #expect(diff.changed.map(\.id) == ["p-7"] && diff.added.isEmpty && diff.removed.isEmpty)
            #expect(diff.labelFlips.map(\.to) == ["cat"] && diff.labelFlips[0].from == nil)
        }
    }
}
