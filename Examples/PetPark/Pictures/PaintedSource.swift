import Foundation
import MLOpsData

/// A source that draws its pictures as they are read: the park's archive when there are no photographs.
struct PaintedSource: DataSource {
    /// The numbers of the pictures.
    var numbers: Range<Int>
    var seed: UInt64

    func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        Paintings(source: self, offset: position.offset)
    }

    /// The record of a picture's number.
    func record(_ number: Int) throws -> RawRecord {
        let scene = ParkScene(number: number, seed: seed)
        // An hour apart, so that capture times are plausible and repeatable.
        let capturedAt = Date(timeIntervalSince1970: 1_767_225_600 + 3600 * Double(scene.event))
        return RawRecord(
            id: String(format: "park/%@/%07d.jpg", scene.label.rawValue, number),
            bytes: try ParkPainter().picture(of: scene).jpeg(quality: 88), label: scene.label.rawValue,
            attributes: [
                "camera": scene.camera, "light": scene.isNight ? "night" : "day", "group": "event-\(scene.event)",
                "capturedAt": capturedAt.formatted(.iso8601),
            ])
    }

    private struct Paintings: AsyncSequence, Sendable {
        let source: PaintedSource
        let offset: Int

        func makeAsyncIterator() -> Iterator { Iterator(source: source, offset: offset) }

        struct Iterator: AsyncIteratorProtocol {
            let source: PaintedSource
            var offset: Int

            mutating func next() async throws -> SourcedRecord<RawRecord>? {
                guard offset < source.numbers.count else { return nil }
                let record = try source.record(source.numbers.lowerBound + offset)
                offset += 1
                return SourcedRecord(record, next: SourcePosition(offset: offset))
            }
        }
    }
}
