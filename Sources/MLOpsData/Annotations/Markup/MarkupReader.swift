internal import Foundation
internal import MLOpsCore

/// A strict reader of XML 1.0 in UTF-8, made for bytes that nobody vouches for.
///
/// It knows elements, attributes, text, CDATA, comments, the five named entities and numbered ones. A document type is
/// refused, and with it every entity that could read a file or multiply. Depth and the size of one subtree are limited.
/// Source: W3C, "Extensible Markup Language (XML) 1.0", fifth edition.
struct MarkupReader {
    /// The most elements within each other.
    static let maxDepth = 32
    /// The most elements in one subtree that is read as a whole.
    static let maxElements = 1_000_000

    private let bytes: [UInt8]
    private var place = 0
    private var isRootEmpty = false
    private let source: String

    /// Starts at the beginning of a document.
    ///
    /// - Parameter source: what it is, for errors.
    init(_ data: Data, source: String) throws {
        bytes = Array(data)
        self.source = source
        if starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("is no UTF-8") }
    }

    /// Reads the tag that opens the root, and gives its name and attributes.
    mutating func root() throws -> MarkupElement {
        if starts(with: "<?xml") {
            let declaration = try text(until: "?>").lowercased()
            if let range = declaration.range(of: #"encoding\s*=\s*["'][^"']*["']"#, options: .regularExpression) {
                let encoding = declaration[range]
                guard encoding.contains("utf-8") || encoding.contains("ascii") else {
                    throw MLOpsError(
                        .unsupported, "\(source) has the \(encoding.prefix(60)).", help: "Convert it to UTF-8.")
                }
            }
        }
        try skipMisc()
        guard let (element, isEmpty) = try openingTag() else { throw fault("has no root element") }
        isRootEmpty = isEmpty
        return element
    }

    /// The next child of the root, with all that is in it; `nil` at the root's end.
    mutating func nextChild(of root: String) throws -> MarkupElement? {
        while isRootEmpty || place < bytes.count {
            if isRootEmpty || starts(with: "</") {
                if !isRootEmpty { try closingTag(of: root) }
                try skipMisc()
                guard place == bytes.count else { throw fault("goes on after its end") }
                return nil
            }
            if starts(with: "<!--") || starts(with: "<?") {
                try skipMisc()
            } else if starts(with: "<![CDATA[") {
                place += 9
                _ = try text(until: "]]>")
            } else if bytes[place] == UInt8(ascii: "<") {
                return try subtree()
            } else {
                place += 1
            }
        }
        throw fault("ends within <\(root.prefix(40))>")
    }

    /// Reads an element and all that is in it, without recursion.
    private mutating func subtree() throws -> MarkupElement {
        guard let (first, isEmpty) = try openingTag() else { throw fault("has a broken tag") }
        if isEmpty { return first }
        var (open, count) = ([first], 1)
        while !open.isEmpty {
            let innermost = open.count - 1
            let name = open[innermost].name
            guard place < bytes.count else { throw fault("ends within <\(name.prefix(40))>") }
            if starts(with: "</") {
                try closingTag(of: name)
                let element = open.removeLast()
                if open.isEmpty { return element }
                open[innermost - 1].children.append(element)
            } else if starts(with: "<![CDATA[") {
                place += 9
                open[innermost].text += try text(until: "]]>")
            } else if starts(with: "<!--") || starts(with: "<?") {
                try skipMisc(withSpace: false)
            } else if let (element, isEmpty) = try openingTag() {
                count += 1
                guard count <= Self.maxElements, open.count < Self.maxDepth else {
                    throw MLOpsError(
                        .limitExceeded,
                        "\(source) has more than \(Self.maxElements) elements in one, or deeper than "
                            + "\(Self.maxDepth).", help: "Check where the file comes from; no annotation needs that.")
                }
                if isEmpty { open[innermost].children.append(element) } else { open.append(element) }
            } else {
                open[innermost].text += try decoded(run { $0 != UInt8(ascii: "<") })
            }
        }
        throw fault("has a broken tag")
    }

    /// An opening tag, and whether it closes itself; `nil` when there is none here.
    private mutating func openingTag() throws -> (MarkupElement, isEmpty: Bool)? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "<") else { return nil }
        place += 1
        if place < bytes.count, bytes[place] == UInt8(ascii: "!") {
            throw MLOpsError(
                .unsupported, "\(source) declares a document type or an entity.",
                help: "Remove the declaration; entities of a file's own are not read.")
        }
        var element = MarkupElement(name: try markupName())
        while true {
            let gap = run(Self.isSpace).count
            guard place < bytes.count else { throw fault("ends within a tag") }
            if take(">") { return (element, false) }
            if take("/>") { return (element, true) }
            guard gap > 0 else { throw fault("has a broken tag <\(element.name.prefix(40))") }
            let name = try markupName()
            _ = run(Self.isSpace)
            guard take("=") else { throw fault("has an attribute '\(name.prefix(40))' without a value") }
            _ = run(Self.isSpace)
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
                throw fault("has an attribute '\(name.prefix(40))' without quotes")
            }
            let quote = bytes[place]
            place += 1
            let value = run { $0 != quote }
            guard place < bytes.count, !value.contains(UInt8(ascii: "<")) else {
                throw fault("has an attribute '\(name.prefix(40))' that does not end")
            }
            place += 1
            guard element.attributes.updateValue(try decoded(value), forKey: name) == nil else {
                throw fault("has the attribute '\(name.prefix(40))' twice in a tag")
            }
        }
    }

    private mutating func closingTag(of name: String) throws {
        place += 2
        let found = try markupName()
        _ = run(Self.isSpace)
        guard found == name, take(">") else { throw fault("has </\(found.prefix(40))> for <\(name.prefix(40))>") }
    }
}

// MARK: - Bytes

extension MarkupReader {
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private func starts(with prefix: [UInt8]) -> Bool { bytes[place...].starts(with: prefix) }

    private mutating func take(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        place += text.utf8.count
        return true
    }

    /// The bytes from here on that satisfy a condition.
    private mutating func run(_ isMember: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.count, isMember(bytes[place]) { place += 1 }
        return bytes[start..<place]
    }

    /// The text up to an end mark, which is passed.
    private mutating func text(until end: String) throws -> String {
        let start = place
        while place < bytes.count {
            if starts(with: end) {
                defer { place += end.utf8.count }
                return String(decoding: bytes[start..<place], as: UTF8.self)
            }
            place += 1
        }
        throw fault("has no '\(end)'")
    }

    /// Passes comments, processing instructions and, where asked for, white space.
    private mutating func skipMisc(withSpace: Bool = true) throws {
        while true {
            if withSpace { _ = run(Self.isSpace) }
            if starts(with: "<!--") {
                place += 4
                _ = try text(until: "-->")
            } else if starts(with: "<?") {
                _ = try text(until: "?>")
            } else {
                return
            }
        }
    }

    private mutating func markupName() throws -> String {
        let name = run { byte in
            byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard let first = name.first, !(UInt8(ascii: "-")...UInt8(ascii: "9")).contains(first) else {
            throw fault("has a broken tag")
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// Text with its entities replaced.
    private func decoded(_ raw: ArraySlice<UInt8>) throws -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = raw
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += rest[..<start]
            guard let end = rest[start...].prefix(16).firstIndex(of: UInt8(ascii: ";")) else {
                throw fault("has '&' without ';'")
            }
            result += try entity(String(decoding: rest[(start + 1)..<end], as: UTF8.self)).utf8
            rest = rest[(end + 1)...]
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    private func entity(_ name: String) throws -> String {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let number: UInt32? =
                if name.hasPrefix("#x") { UInt32(name.dropFirst(2), radix: 16) } else if name.hasPrefix("#") {
                    UInt32(name.dropFirst())
                } else { nil }
            guard let scalar = number.flatMap(Unicode.Scalar.init),
                scalar.value >= 32 || "\t\n\r".unicodeScalars.contains(scalar)
            else { throw fault("has the unknown entity '&\(name.prefix(20));'") }
            return String(scalar)
        }
    }

    private func fault(_ what: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "\(source) \(what), near byte \(place).",
            help: "Check that the file is complete, and XML in UTF-8.")
    }
}
