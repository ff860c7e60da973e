internal import MLOpsCore

/// The `names` of a `data.yaml`: as much of YAML as those files use.
enum YAMLNames {
    /// A name in double quotes, as YAML and JSON write it.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// The classes in their order, of `names: [a, b]`, of lines `- a`, or of lines `0: a`.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when there are none, or when their numbers leave one out.
    static func names(in text: String, source: String) throws -> [String] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("names:") }) else {
            throw fault("has no 'names:'", source)
        }
        let inline = trimmed(lines[start].dropFirst(6))
        if inline.hasPrefix("[") {
            guard inline.hasSuffix("]") else { throw fault("has a list of names over several lines", source) }
            return items(in: inline.dropFirst().dropLast())
        }
        var (listed, numbered): ([String], [Int: String]) = ([], [:])
        for line in lines[(start + 1)...] {
            let content = trimmed(line)
            if content.isEmpty || content.hasPrefix("#") { continue }
            if content.hasPrefix("- ") {
                listed.append(unquoted(trimmed(content.dropFirst(2))))
            } else if line.first == " ", let colon = content.firstIndex(of: ":"), let number = Int(content[..<colon]) {
                numbered[number] = unquoted(trimmed(content[content.index(after: colon)...]))
            } else {
                break
            }
        }
        let names = numbered.isEmpty ? listed : (0..<numbered.count).compactMap { numbered[$0] }
        guard !names.isEmpty, numbered.isEmpty || names.count == numbered.count else {
            throw fault("has no names, or not all from 0 on", source)
        }
        return names
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }

    /// What stands between commas that are not within quotes.
    private static func items(in text: Substring) -> [String] {
        var (items, item, quote): ([String], String, Character?) = ([], "", nil)
        for character in text {
            if character == ",", quote == nil {
                items.append(unquoted(trimmed(Substring(item))))
                item = ""
                continue
            }
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'", trimmed(Substring(item)).isEmpty {
                quote = character
            }
            item.append(character)
        }
        let last = unquoted(trimmed(Substring(item)))
        return last.isEmpty ? items : items + [last]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let quote = text.first, quote == text.last, quote == "\"" || quote == "'" else {
            return String(text)
        }
        let inner = text.dropFirst().dropLast()
        if quote == "'" { return String(inner.replacing("''", with: "'")) }
        var (result, isEscaped) = ("", false)
        for character in inner {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    private static func fault(_ what: String, _ source: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "\(source) \(what).", help: "Write the classes as names: [\"cat\", \"dog\"], one a number.")
    }
}
