import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Masks of runs") struct RunLengthMaskTests {
    @Test("Area and bounds are those of the pixels, whatever the part") func measures() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            let (columns, rows) = (1 + random.integer(below: 9), 1 + random.integer(below: 7))
            let (left, top) = (random.integer(below: 6), random.integer(below: 5))
            let (width, height) = (left + columns + random.integer(below: 3), top + rows + random.integer(below: 3))
            let part = (0..<rows * columns).map { _ in random.integer(below: 3) == 0 }
            let mask = try RunLengthMask(
                width: width, height: height, part: part, columns: columns, left: left, top: top)
            #expect(mask.area == part.count { $0 })
            let inside = part.indices.filter { part[$0] }.flatMap { place in
                let (x, y) = (Double(left + place % columns), Double(top + place / columns))
                return [ImagePoint(x: x, y: y), ImagePoint(x: x + 1, y: y + 1)]
            }
            #expect(mask.bounds == BoundingBox(around: inside))
            #expect(try RunLengthMask(width: width, height: height, counts: mask.counts) == mask)
        }
    }

    @Test("Empty runs are joined with their neighbors") func joinsRuns() throws {
        #expect(try RunLengthMask(width: 2, height: 3, counts: [1, 0, 2, 2, 0, 1, 0]).counts == [3, 3])
        #expect(try RunLengthMask(width: 2, height: 3, counts: [0, 6]).area == 6)
        #expect(try RunLengthMask(width: 2, height: 3, counts: [6, 0]).bounds == nil)
    }

    @Test("Runs that do not make up the picture, and pictures that are too large, are refused") func refuses() {
        for counts in [[], [5], [7], [-1, 7], [Int.max, Int.max], [3, .max]] {
            #expect(throws: MLOpsError.self) { try RunLengthMask(width: 2, height: 3, counts: counts) }
        }
        for (width, height) in [(0, 1), (1, -1), (Int.max, 2), (1 << 20, 1 << 20)] {
            #expect(throws: MLOpsError.self) { try RunLengthMask(width: width, height: height, counts: [width]) }
        }
        #expect(throws: MLOpsError.self) {
            try RunLengthMask(width: 4, height: 4, part: [true], columns: 1, left: 4, top: 0)
        }
        #expect(throws: MLOpsError.self) {
            try RunLengthMask(width: 4, height: 4, part: [true, true, true], columns: 2, left: 0, top: 0)
        }
    }
}
