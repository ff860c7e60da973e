internal import MLOpsCore

/// The pixels of a thing, as lengths of runs.
///
/// Runs go down the columns, column after column from the left, and are in turn outside and inside of the thing,
/// beginning with outside, as in COCO (pycocotools, `maskApi.c`).
public struct RunLengthMask: Sendable, Hashable, Codable {
    /// The most pixels that a picture with a mask may have.
    public static let maxPixels = 1 << 27

    /// The picture's width, in pixels.
    public let width: Int
    /// The picture's height, in pixels.
    public let height: Int
    /// The lengths of the runs; only the first may be 0.
    public let counts: [Int]

    /// Makes a mask of the lengths of its runs; empty runs are joined with their neighbors.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the runs do not make up the picture, `limitExceeded` when
    ///   it has more than ``maxPixels``.
    public init(width: Int, height: Int, counts: [Int]) throws {
        try Self.check(width: width, height: height)
        var runs: [Int] = []
        var total = 0
        for (i, count) in counts.enumerated() {
            guard count >= 0, count <= width * height - total else {
                throw MLOpsError(
                    .invalidArgument, "Run \(i) of a mask of \(width) × \(height) pixels has the length \(count).",
                    help: "Give lengths that are not negative and add up to \(width * height).")
            }
            total += count
            let isInside = i % 2 == 1
            if isInside == (runs.count % 2 == 1) {
                if count > 0 || runs.isEmpty { runs.append(count) }
            } else {
                runs[runs.count - 1] += count
            }
        }
        guard total == width * height else {
            throw MLOpsError(
                .invalidArgument, "The runs of a mask add up to \(total) pixels of \(width) × \(height).",
                help: "Give lengths that add up to \(width * height).")
        }
        (self.width, self.height, self.counts) = (width, height, runs)
    }

    /// Makes a mask of a part of a picture, given row by row; the rest of the picture is outside.
    ///
    /// - Parameters:
    ///   - isInside: whether a pixel of the part belongs to the thing, [rows, columns].
    ///   - columns: the part's width; the part is the `isInside.count / columns` rows from (left, top) on.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the part is not within the picture, or `limitExceeded`.
    public init(width: Int, height: Int, part isInside: [Bool], columns: Int, left: Int, top: Int) throws {
        try Self.check(width: width, height: height)
        let rows = columns > 0 ? isInside.count / columns : 0
        guard columns > 0, rows > 0, rows * columns == isInside.count, left >= 0, top >= 0, left <= width - columns,
            top <= height - rows
        else {
            throw MLOpsError(
                .invalidArgument,
                "A mask of \(isInside.count) pixels, \(columns) wide, at (\(left), \(top)) is not within a picture of "
                    + "\(width) × \(height).",
                help: "Give a part that is within the picture.")
        }
        var runs = [0]
        func add(_ count: Int, _ inside: Bool) {
            if inside == (runs.count % 2 == 0) { runs[runs.count - 1] += count } else { runs.append(count) }
        }
        add(left * height, false)
        for column in 0..<columns {
            add(top, false)
            for row in 0..<rows { add(1, isInside[row * columns + column]) }
            add(height - top - rows, false)
        }
        add((width - left - columns) * height, false)
        try self.init(width: width, height: height, counts: runs)
    }

    private static func check(width: Int, height: Int) throws {
        guard width >= 1, height >= 1, width <= maxPixels, height <= maxPixels / width else {
            throw MLOpsError(
                .limitExceeded, "A mask of \(width) × \(height) pixels is out of bounds.",
                help: "Give a picture of 1 to \(maxPixels) pixels.")
        }
    }

    /// The number of pixels inside.
    public var area: Int { stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] } }

    /// The smallest box that holds the thing; `nil` for an empty mask.
    public var bounds: BoundingBox? {
        var (left, right, top, bottom) = (width, 0, height, 0)
        var start = 0
        for (i, count) in counts.enumerated() {
            defer { start += count }
            guard i % 2 == 1, count > 0 else { continue }
            let last = start + count - 1
            (left, right) = (min(left, start / height), max(right, last / height + 1))
            if start / height == last / height {
                (top, bottom) = (min(top, start % height), max(bottom, last % height + 1))
            } else {
                (top, bottom) = (0, height)
            }
        }
        guard right > left else { return nil }
        return BoundingBox(
            x: Double(left), y: Double(top), width: Double(right - left), height: Double(bottom - top))
    }

    /// Whether the pixels of a part belong to the thing, [rows, columns]; the part must be within the picture.
    func pixels(left: Int, top: Int, columns: Int, rows: Int) -> [Bool] {
        var pixels = [Bool](repeating: false, count: rows * columns)
        var start = 0
        for (i, count) in counts.enumerated() {
            defer { start += count }
            guard i % 2 == 1, count > 0 else { continue }
            let first = max(start, left * height), end = min(start + count, (left + columns) * height)
            for place in stride(from: first, to: end, by: 1) {
                let row = place % height - top
                if row >= 0, row < rows { pixels[row * columns + place / height - left] = true }
            }
        }
        return pixels
    }

    private enum CodingKeys: String, CodingKey { case width, height, counts }

    /// Reads a mask, with the checks of ``init(width:height:counts:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            width: container.decode(Int.self, forKey: .width), height: container.decode(Int.self, forKey: .height),
            counts: container.decode([Int].self, forKey: .counts))
    }
}
