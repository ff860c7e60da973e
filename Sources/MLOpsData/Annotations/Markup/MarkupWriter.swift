internal import Foundation
internal import MLOpsCore

/// Writes XML with indentation.
struct MarkupWriter {
    private(set) var data = Data("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".utf8)
    private var open: [String] = []

    /// Writes an opening tag; what follows is inside, until ``close()``.
    mutating func open(_ name: String, _ attributes: [(String, String)] = []) throws {
        try tag(name, attributes, end: ">\n")
        open.append(name)
    }

    /// Closes the innermost open tag.
    mutating func close() {
        guard let name = open.popLast() else { return }
        append(String(repeating: "  ", count: open.count) + "</\(name)>\n")
    }

    /// Writes an element with a text, or with nothing in it.
    mutating func element(_ name: String, _ attributes: [(String, String)] = [], text: String? = nil) throws {
        if let text {
            try tag(name, attributes, end: ">")
            append(try escaped(text) + "</\(name)>\n")
        } else {
            try tag(name, attributes, end: "/>\n")
        }
    }

    private mutating func tag(_ name: String, _ attributes: [(String, String)], end: String) throws {
        append(String(repeating: "  ", count: open.count) + "<" + name)
        for (name, value) in attributes { append(" \(name)=\"\(try escaped(value))\"") }
        append(end)
    }

    private mutating func append(_ text: String) { data.append(contentsOf: text.utf8) }

    private func escaped(_ text: String) throws -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\r", "\t": result += "&#\(scalar.value);"
            case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                throw MLOpsError(
                    .invalidArgument, "'\(text.prefix(40))' has a character that XML can't hold.",
                    help: "Remove the control characters from names and attributes.")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Double {
    /// The shortest text that reads back as this number, without `.0`.
    var plainText: String {
        abs(self) < 1e15 && self == rounded() ? String(Int(self)) : String(self)
    }
}
