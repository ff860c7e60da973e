internal import Foundation

extension HTMLPage {
    /// The whole document, in UTF-8 when written to a file.
    public var html: String {
        var text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            img-src data:">
            <title>\(title.markupEscaped)</title>
            <style>
            \(Self.styleSheet)
            </style>
            </head>
            <body>
            <main>
            <header><h1>\(title.markupEscaped)</h1>
            """
        if !subtitle.isEmpty { text += "<p>\(subtitle.markupEscaped)</p>" }
        text += "</header>\n"
        for block in blocks { text += block.markup + "\n" }
        return text + "</main>\n</body>\n</html>\n"
    }
}

extension HTMLPage.Block {
    fileprivate var markup: String {
        switch self {
        case .heading(let text, let level):
            let tag = "h\(min(max(level, 2), 4))"
            return "<\(tag)>\(text.markupEscaped)</\(tag)>"
        case .paragraph(let text):
            return "<p>\(text.markupEscaped)</p>"
        case .preformatted(let text):
            return "<pre>\(text.markupEscaped)</pre>"
        case .badge(let verdict, let text):
            return "<p class=\"verdict\">\(verdict.badge) \(text.markupEscaped)</p>"
        case .facts(let facts):
            let items = facts.map { "<div><dt>\($0.name.markupEscaped)</dt><dd>\($0.value.markupEscaped)</dd></div>" }
            return "<dl>\(items.joined())</dl>"
        case .table(let header, let rows):
            // A column of numbers has its name flush right, above them.
            let head = header.enumerated().map { column, name in
                let isNumber = rows.contains { row in
                    guard column < row.count, case .number = row[column] else { return false }
                    return true
                }
                return "<th scope=\"col\"\(isNumber ? " class=\"number\"" : "")>\(name.markupEscaped)</th>"
            }
            let body = rows.map { "<tr>\($0.map(\.markup).joined())</tr>" }.joined(separator: "\n")
            return "<div class=\"scroll\"><table>\n<thead><tr>\(head.joined())</tr></thead>\n<tbody>\n\(body)\n"
                + "</tbody></table></div>"
        case .figure(let svg, let caption):
            return "<figure>\(svg.text)\n<figcaption>\(caption.markupEscaped)</figcaption></figure>"
        case .pictures(let pictures):
            return "<div class=\"pictures\">\n\(pictures.map(\.markup).joined(separator: "\n"))\n</div>"
        }
    }
}

extension HTMLPage.Cell {
    fileprivate var markup: String {
        switch self {
        case .text(let text): "<td>\(text.markupEscaped)</td>"
        case .number(let text): "<td class=\"number\">\(text.markupEscaped)</td>"
        case .verdict(let verdict): "<td>\(verdict.badge)</td>"
        }
    }
}

extension HTMLPage.Picture {
    fileprivate var markup: String {
        let note = "<figcaption>\(caption.markupEscaped)</figcaption>"
        let subtype = mediaType.hasPrefix("image/") ? mediaType.dropFirst(6) : ""
        let isPlain = subtype.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isPlain, !subtype.isEmpty else { return "<figure>\(note)</figure>" }
        let source = "data:\(mediaType);base64,\(Data(bytes).base64EncodedString())"
        return "<figure><img src=\"\(source)\" alt=\"\(caption.markupEscaped)\">\(note)</figure>"
    }
}

extension Verdict {
    fileprivate var badge: String {
        let (sign, word) =
            switch self {
            case .pass: ("✓", "pass")
            case .fail: ("✕", "fail")
            case .insufficient: ("?", "insufficient data")
            }
        return "<span class=\"badge \(rawValue)\"><span aria-hidden=\"true\">\(sign)</span> \(word)</span>"
    }
}
