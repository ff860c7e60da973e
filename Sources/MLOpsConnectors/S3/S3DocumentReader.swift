internal import Foundation

/// Reads the elements and texts of an XML document; whatever the bytes, it ends with a document or a fault.
struct S3DocumentReader {
    /// What is wrong with a text.
    struct Fault: Error {
        var what: String
    }

    private static let maxDepth = 16
    private static let entities = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]

    private var rest: Substring.UTF8View
    private var open: [S3Document] = []

    static func read(_ bytes: Data) throws(Fault) -> S3Document {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault(what: "broken UTF-8") }
        var reader = S3DocumentReader(rest: text[...].utf8)
        return try reader.document()
    }

    private init(rest: Substring.UTF8View) { self.rest = rest }

    private mutating func document() throws(Fault) -> S3Document {
        _ = take("\u{FEFF}")
        while true {
            let text = try upTo("<", isRequired: !open.isEmpty)
            if !open.isEmpty {
                open[open.count - 1].text += try Self.resolved(text)
            } else if text.contains(where: { !$0.isWhitespace }) {
                throw Fault(what: "text before its first element")
            }
            if rest.isEmpty, open.isEmpty { throw Fault(what: "no element") }
            if take("?") {
                _ = try upTo("?>")
            } else if take("!--") {
                _ = try upTo("-->")
            } else if take("![CDATA[") {
                let text = try upTo("]]>")
                guard !open.isEmpty else { throw Fault(what: "text before its first element") }
                open[open.count - 1].text += text
            } else if take("!") {
                throw Fault(what: "a document type")
            } else if take("/") {
                let name = Self.localName(try upTo(">"))
                guard let element = open.popLast(), element.name == name else {
                    throw Fault(what: "the end of '\(name.prefix(40))' where it did not begin")
                }
                if open.isEmpty { return element }
                open[open.count - 1].children.append(element)
            } else if let root = try begin() {
                return root
            }
        }
    }

    /// Reads the beginning of an element; gives it when it is the whole document.
    private mutating func begin() throws(Fault) -> S3Document? {
        let tag = try upTo(">")
        let isWhole = tag.hasSuffix("/")
        let name = Self.localName(isWhole ? String(tag.dropLast()) : tag)
        guard !name.isEmpty, open.count < Self.maxDepth else {
            throw Fault(
                what: name.isEmpty ? "an element without a name" : "elements nested deeper than \(Self.maxDepth)")
        }
        if !isWhole {
            open.append(S3Document(name: name))
        } else if open.isEmpty {
            return S3Document(name: name)
        } else {
            open[open.count - 1].children.append(S3Document(name: name))
        }
        return nil
    }

    private static func localName(_ tag: String) -> String {
        let name = tag.prefix { !$0.isWhitespace }
        return String(name.split(separator: ":", maxSplits: 1).last ?? "")
    }

    /// The text up to an end, which is taken too.
    private mutating func upTo(_ end: String, isRequired: Bool = true) throws(Fault) -> String {
        let wanted = Array(end.utf8)
        var place = rest.startIndex
        while let found = rest[place...].firstIndex(of: wanted[0]) {
            if rest[found...].starts(with: wanted) {
                let text = String(Substring(rest[..<found]))
                rest = rest[rest.index(found, offsetBy: wanted.count)...]
                return text
            }
            place = rest.index(after: found)
        }
        if isRequired { throw Fault(what: "no '\(end)' where one is needed") }
        defer { rest = rest[rest.endIndex...] }
        return String(Substring(rest))
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    /// A text with its references replaced.
    private static func resolved(_ text: String) throws(Fault) -> String {
        guard text.contains("&") else { return text }
        var parts = text.split(separator: "&", omittingEmptySubsequences: false)[...]
        var result = String(parts.removeFirst())
        for part in parts {
            guard let end = part.firstIndex(of: ";") else { throw Fault(what: "& without ;") }
            let name = part[..<end]
            if let character = entities[String(name)] {
                result += character
            } else {
                let isHexadecimal = name.hasPrefix("#x")
                let code = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                guard name.hasPrefix("#"), let scalar = code.flatMap(Unicode.Scalar.init), scalar != "\0" else {
                    throw Fault(what: "the reference '&\(name.prefix(20));'")
                }
                result.unicodeScalars.append(scalar)
            }
            result += part[part.index(after: end)...]
        }
        return result
    }
}
