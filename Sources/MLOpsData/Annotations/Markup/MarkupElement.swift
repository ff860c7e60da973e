internal import MLOpsCore

/// An element of an XML document, with all that is in it.
struct MarkupElement: Sendable, Hashable {
    var name: String
    var attributes: [String: String] = [:]
    var children: [MarkupElement] = []
    /// The text between the tags, without that of the children.
    var text = ""

    /// The first child of a name.
    subscript(name: String) -> MarkupElement? { children.first { $0.name == name } }

    /// The children of a name.
    func all(_ name: String) -> [MarkupElement] { children.filter { $0.name == name } }

    /// The text of the first child of a name, without white space at its ends; `nil` when there is none.
    func text(of name: String) -> String? { self[name]?.trimmedText }

    /// The text without white space at its ends.
    var trimmedText: String {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        let bytes = text.utf8.drop(while: isSpace)
        return String(
            Substring(
                bytes.prefix(
                    (bytes.lastIndex { !isSpace($0) }.map { bytes.distance(from: bytes.startIndex, to: $0) + 1 }) ?? 0))
        )
    }

    /// An attribute that must be there.
    func attribute(_ name: String) throws -> String {
        guard let value = attributes[name] else { throw fault("has no '\(name)'") }
        return value
    }

    /// A number in an attribute that must be there; finite.
    func number(_ name: String) throws -> Double { try number(attribute(name), name) }

    /// A number in a text of the element.
    func number(_ text: String, _ name: String) throws -> Double {
        guard let value = Double(text), value.isFinite else { throw fault("has '\(text.prefix(40))' as its \(name)") }
        return value
    }

    /// A whole number in an attribute that must be there.
    func integer(_ name: String) throws -> Int {
        let text = try attribute(name)
        guard let value = Int(text) else { throw fault("has '\(text.prefix(40))' as its \(name)") }
        return value
    }

    /// The error for an element that is not as it must be.
    func fault(_ what: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "An element <\(name.prefix(40))> \(what).",
            help: "Check the file, and that it is of the format it was read as.")
    }
}
