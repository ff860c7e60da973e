internal import MLOpsCore

/// `StringSplit`: the parts of each string between delimiters, filled up with empty strings, and how many there are.
struct StringSplitOperator: Operator {
    static let name = "StringSplit"
    static let operatorSets = 20...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let outputCount = 2...2
    private let delimiter: [UInt8]
    private let most: Int

    init(_ node: inout NodeReader) throws {
        delimiter = Array((try node.string("delimiter") ?? "").utf8)
        most = try node.int("maxsplit") ?? Int.max
        guard most >= 0 else {
            throw MLOpsError(.invalidArgument, "'maxsplit' is \(most).", help: "Give a number of at least 0.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        try x.expectStrings()
        return [ValueType(.bytes, x.shape.map { $0 + [-1] }), ValueType(.int64, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let parts = try x.strings().map { delimiter.isEmpty ? words($0) : pieces($0) }
        let width = parts.map(\.count).max() ?? 0
        try context.limits.elementCount(of: x.shape + [width], in: "a result")
        let filled = parts.flatMap { $0 + [[UInt8]](repeating: [], count: width - $0.count) }
        return [
            try context.strings(filled, shape: x.shape + [width]),
            try context.integers(parts.map(\.count)).reshaped(x.shape),
        ]
    }

    /// Parts between runs of white space, none of which is empty.
    private func words(_ text: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var rest = text.drop { Self.isSpace($0) }
        while !rest.isEmpty {
            guard words.count < most, let end = rest.firstIndex(where: Self.isSpace) else {
                words.append(Array(rest.reversed().drop { Self.isSpace($0) }.reversed()))
                break
            }
            words.append(Array(rest[..<end]))
            rest = rest[end...].drop { Self.isSpace($0) }
        }
        return words
    }

    private func pieces(_ text: [UInt8]) -> [[UInt8]] {
        if text.isEmpty { return [] }
        var pieces: [[UInt8]] = []
        var (start, place) = (0, 0)
        while pieces.count < most, place + delimiter.count <= text.count {
            if text[place..<place + delimiter.count].elementsEqual(delimiter) {
                pieces.append(Array(text[start..<place]))
                place += delimiter.count
                start = place
            } else {
                place += 1
            }
        }
        return pieces + [Array(text[start...])]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
