/// Names as the reasons of rejections tell them, in quotation marks: looked up, as there may be many of both.
struct QuotedNames {
    private static let mark = UInt8(ascii: "'")

    private let plain: Set<[UInt8]>
    /// Those with a mark in them, which can't be cut out of a text by its marks.
    private let marked: [String]

    init(_ names: some Sequence<[UInt8]>) {
        plain = Set(names.filter { !$0.contains(Self.mark) })
        marked = names.filter { $0.contains(Self.mark) }.map { "'\(String(decoding: $0, as: UTF8.self))'" }
    }

    /// Whether a text tells one of the names.
    func occur(in text: String) -> Bool {
        let parts = text.utf8.split(separator: Self.mark, omittingEmptySubsequences: false)
        return parts.dropFirst().dropLast().contains { plain.contains(Array($0)) }
            || marked.contains(where: text.contains)
    }
}
