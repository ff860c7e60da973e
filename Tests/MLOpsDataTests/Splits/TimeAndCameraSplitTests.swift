import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Splitting by time and by camera") struct TimeAndCameraSplitTests {
    /// Frames of three cameras, one every 20 seconds, from 2026-03-01 on.
    private func frames(_ range: Range<Int>) -> [DatasetEntry] {
        range.map { i in
            DatasetEntry(
                id: "frame-\(i)", digest: Digest(of: Data("\(i)".utf8)), label: "x",
                attributes: ["camera": "\(i % 3)", "capturedAt": "\(1_772_323_200 + i / 3 * 20)"])
        }
    }

    private func seconds(_ entry: DatasetEntry) -> Double { Double(entry.attributes["capturedAt"] ?? "") ?? .nan }

    @Test("What comes before a moment is learned from, what comes after a gap judged by") func splitsByTime() throws {
        let version = try DatasetVersion(entries: frames(0..<3000))
        let rule = try TimeSplit(of: version, train: 0.7, validation: 0.1, gap: 100)
        let split = try rule(version)
        let last = try #require(split.entries(of: .train).map(seconds).max())
        let middle = split.entries(of: .validation).map(seconds)
        let first = try #require(split.entries(of: .test).map(seconds).min())
        #expect(try #require(middle.min()) - last >= 100 && first - (try #require(middle.max())) >= 100)
        #expect(split.entries(of: .train).count == 2100)
        #expect(split.excluded.count == 30)
        let larger = try rule(DatasetVersion(entries: frames(0..<3300)))
        for part in SplitPart.allCases {
            #expect(Set(split.entries(of: part)).isSubset(of: larger.entries(of: part)))
        }
    }

    @Test("ISO 8601 with and without fractions is a time; a missing or other text is refused, with its record")
    func readsTimes() throws {
        var some = frames(0..<3)
        some[0].attributes["capturedAt"] = "2026-03-01T00:00:00Z"
        some[1].attributes["capturedAt"] = "2026-03-01T00:00:00.500Z"
        some[2].attributes["capturedAt"] = "2026-03-02T00:00:00+01:00"
        let rule = try TimeSplit(trainEnd: Date(timeIntervalSince1970: 1_772_323_200.25))
        #expect(try rule.parts(of: some) == [.train, .test, .test])
        for text in ["yesterday", "nan", nil] {
            some[1].attributes["capturedAt"] = text
            let error = #expect(throws: MLOpsError.self) { try rule.parts(of: some) }
            #expect(error?.message.contains("frame-1") == true)
        }
        #expect(throws: MLOpsError.self) { try TimeSplit(trainEnd: Date(), gap: -1) }
        #expect(throws: MLOpsError.self) { try TimeSplit(trainEnd: Date(), validationEnd: Date() - 60) }
    }

    @Test("Frames of one camera on two sides are never nearer than the gap", arguments: [1, 2, 3])
    func keepsFramesApart(seed: UInt64) throws {
        let rule = try CameraSplit(seed: seed, train: 0.6, validation: 0.2, window: 600, gap: 90)
        let split = try rule(DatasetVersion(entries: frames(0..<6000)))
        var nearest = Double.infinity
        for camera in ["0", "1", "2"] {
            let all = SplitPart.allCases.flatMap { part in
                split.entries(of: part).filter { $0.attributes["camera"] == camera }.map { (seconds($0), part) }
            }.sorted { $0.0 < $1.0 }
            for (a, b) in zip(all, all.dropFirst()) where a.1 != b.1 { nearest = min(nearest, b.0 - a.0) }
        }
        #expect(nearest >= 90 && nearest < 200)
        #expect(!split.excluded.isEmpty && split.excluded.count < 1000)
        let larger = try rule(DatasetVersion(entries: frames(0..<6600)))
        for part in SplitPart.allCases {
            #expect(Set(split.entries(of: part)).isSubset(of: larger.entries(of: part)))
        }
        #expect(throws: MLOpsError.self) { try CameraSplit(seed: 1, window: 10, gap: 11) }
    }

    @Test("Adjacent frames on two sides are refused, those of other cameras and farther ones are not")
    func refusesAdjacentFrames() throws {
        let all = frames(0..<60)
        let gate = LeakageGate(adjacency: FrameAdjacency(within: 30))
        let error = #expect(throws: MLOpsError.self) {
            try gate.check(Array(all[0..<30]), named: "train", against: Array(all[30..<60]), named: "test")
        }
        #expect(error?.message.contains("3 records leak") == true && error?.message.contains("20.0 s apart") == true)
        #expect(throws: Never.self) {
            try gate.check(Array(all[0..<30]), named: "train", against: Array(all[33..<60]), named: "test")
        }
        let byCamera = Dictionary(grouping: all) { $0.attributes["camera"] }
        #expect(throws: Never.self) {
            try gate.check(byCamera["0"] ?? [], named: "train", against: byCamera["1"] ?? [], named: "test")
        }
        #expect(throws: MLOpsError.self) {
            try gate.check(Split(seed: 1, group: .id)(DatasetVersion(entries: all)))
        }
    }
}
