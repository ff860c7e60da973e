internal import MLOpsCore

/// `StringNormalizer`: strings without stop words, in small or large letters, whatever the locale.
struct StringNormalizerOperator: Operator {
    static let name = "StringNormalizer"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    private enum Case: String, CaseIterable { case NONE, LOWER, UPPER }
    private let change: Case
    private let isCaseSensitive: Bool
    private let stopWords: Set<[UInt8]>

    init(_ node: inout NodeReader) throws {
        change = try node.choice("case_change_action", default: .NONE)
        isCaseSensitive = try node.flag("is_case_sensitive", default: false)
        _ = try node.string("locale")
        let words = try node.strings("stopwords") ?? []
        stopWords = Set(words.map { [UInt8]($0.utf8) })
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        try x.expectStrings()
        if let shape = x.shape { try check(shape) }
        return [x.reshaped(x.shape.map { $0.dropLast() + [-1] })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try check(x.shape)
        let folded = isCaseSensitive ? stopWords : Set(stopWords.map { Self.cased($0, .LOWER) })
        var kept = try x.strings()
            .filter { stopWords.isEmpty || !folded.contains(isCaseSensitive ? $0 : Self.cased($0, .LOWER)) }
            .map { Self.cased($0, change) }
        if kept.isEmpty { kept = [[]] }
        return [try context.strings(kept, shape: x.shape.dropLast() + [kept.count])]
    }

    private func check(_ shape: [Int]) throws {
        guard shape.count == 1 || (shape.count == 2 && (shape[0] == 1 || shape[0] == -1)) else {
            throw MLOpsError(.invalidArgument, "Strings of the shape \(shape).", help: "Give [C] or [1, C].")
        }
    }

    private static func cased(_ text: [UInt8], _ change: Case) -> [UInt8] {
        if change == .NONE { return text }
        let string = String(decoding: text, as: UTF8.self)
        return Array((change == .LOWER ? string.lowercased() : string.uppercased()).utf8)
    }
}
