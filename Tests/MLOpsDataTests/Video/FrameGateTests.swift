import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Frames worth keeping") struct FrameGateTests {
    /// A frame with a square at a place, taken at a second.
    private func frame(_ second: Int, square: Int? = nil, noise: Int = 0) throws -> RawRecord {
        var pixels: [UInt8] = []
        for y in 0..<96 {
            for x in 0..<128 {
                let isInside = square.map { ($0..<$0 + 40).contains(x) && (30..<70).contains(y) } ?? false
                pixels += [UInt8](repeating: isInside ? 230 : UInt8(90 + (x * 7 + y * 3 + noise) % 5), count: 3)
            }
        }
        let time = Date(timeIntervalSince1970: 1_780_000_000 + Double(second))
        return RawRecord(
            id: "c/\(second)", bytes: try Image(width: 128, height: 96, pixels: pixels).jpeg(),
            attributes: ["capturedAt": time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))])
    }

    private func ids(_ frames: [RawRecord], _ gate: FrameGate) async throws -> ([String], FrameGate.Statistics) {
        let source = InMemorySource(frames).gated(by: gate)
        return (try await read(source).map(\.id), source.statistics)
    }

    @Test("Frames in which nothing moves are passed over, noise or not") func motion() async throws {
        let frames = try [
            frame(0), frame(1, noise: 3), frame(2, square: 20), frame(3, square: 20, noise: 2), frame(4, square: 70),
            frame(5),
        ]
        let (kept, counts) = try await ids(frames, FrameGate(minimumMotion: 0.02))
        #expect(kept == ["c/0", "c/2", "c/4", "c/5"] && counts.still == 2 && counts.kept == 4 && counts.seen == 6)
    }

    @Test("A frame that looks like the last kept one is passed over") func duplicates() async throws {
        let frames = try [
            frame(0, square: 20), frame(1, square: 20, noise: 1), frame(2, square: 80), frame(3, square: 80),
        ]
        let (kept, counts) = try await ids(frames, FrameGate(minimumDistance: 4))
        #expect(kept == ["c/0", "c/2"] && counts.duplicate == 2)
    }

    @Test("Frames that come too soon are passed over by their own clock; what was recorded passes the exam")
    func interval() async throws {
        let frames = try (0..<7).map { try frame($0) }
        let source = InMemorySource(frames).gated(by: FrameGate(minimumInterval: 2.5))
        #expect(try await read(source).map(\.id) == ["c/0", "c/3", "c/6"] && source.statistics.tooSoon == 4)
        try await DataSourceExam(of: source).run()
    }

    /// A camera: it goes on with the number that it is asked for, and never gives a frame again.
    private struct Camera: DataSource {
        let frames: [RawRecord]
        var isRepeatable: Bool { false }

        func records(
            from position: SourcePosition
        ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
            AsyncThrowingStream { continuation in
                for (i, frame) in frames.enumerated() {
                    continuation.yield(SourcedRecord(frame, next: SourcePosition(offset: position.offset + i + 1)))
                }
                continuation.finish()
            }
        }
    }

    @Test("The positions of a camera stay as they are, gated or filtered") func cameras() async throws {
        let camera = Camera(frames: try (0..<7).map { try frame($0) })
        func positions(_ source: any DataSource<RawRecord>) async throws -> [Int] {
            var positions: [Int] = []
            for try await sourced in source.records(from: SourcePosition(offset: 100)) {
                positions.append(sourced.next.offset)
            }
            return positions
        }
        #expect(try await positions(camera.gated(by: FrameGate(minimumInterval: 2.5))) == [101, 104, 107])
        #expect(try await positions(camera.filtered { $0.id.hasSuffix("5") }) == [106])
    }

    @Test("What is no picture is passed on, for ingestion to reject") func broken() async throws {
        let frames = [RawRecord(id: "1", bytes: Data("no".utf8)), RawRecord(id: "2", bytes: Data())]
        #expect(try await ids(frames, FrameGate(minimumMotion: 0.5, minimumDistance: 64)).0 == ["1", "2"])
    }
}
