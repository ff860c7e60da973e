/// A drawing in Scalable Vector Graphics, to stand in a page or in a file of its own.
public struct SVG: Sendable, Hashable, CustomStringConvertible {
    /// The markup, from `<svg` to `</svg>`.
    public let text: String

    /// Takes markup as it is, unchecked: give none that holds foreign text which is not escaped.
    public init(markup: String) { text = markup }

    /// The markup.
    public var description: String { text }
}

/// Collects the elements of a drawing; lengths are in user units, one to a CSS pixel.
struct SVGCanvas {
    enum Anchor: String { case start, middle, end }

    let width: Double
    let height: Double
    private var elements: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String = "currentColor", width: Double = 1,
        opacity: Double = 1, dash: String = ""
    ) {
        elements.append(
            "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(stroke)\" "
                + "stroke-width=\"\(n(width))\"\(faint("stroke", opacity))\(dashed(dash))/>")
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, opacity: Double = 1,
        tip: String = ""
    ) {
        let shape =
            "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(0, width)))\" height=\"\(n(max(0, height)))\" "
            + "fill=\"\(fill)\"\(faint("fill", opacity))"
        elements.append(tip.isEmpty ? shape + "/>" : shape + "><title>\(tip.markupEscaped)</title></rect>")
    }

    mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: String, tip: String = "") {
        let shape = "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(fill)\""
        elements.append(tip.isEmpty ? shape + "/>" : shape + "><title>\(tip.markupEscaped)</title></circle>")
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, dash: String = "") {
        elements.append(
            "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"2\" "
                + "stroke-linejoin=\"round\"\(dashed(dash))/>")
    }

    mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double) {
        elements.append("<polygon points=\"\(list(points))\" fill=\"\(fill)\"\(faint("fill", opacity))/>")
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, size: Double = 12,
        fill: String = "currentColor", opacity: Double = 1, turned: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(n(x)) \(n(y)))\"" : ""
        elements.append(
            "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\" font-size=\"\(n(size))\" "
                + "fill=\"\(fill)\"\(faint("fill", opacity))\(turn)>\(text.markupEscaped)</text>")
    }

    /// The drawing, with a title that screen readers speak.
    func svg(title: String) -> SVG {
        SVG(
            markup: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" "
                + "width=\"\(n(width))\" height=\"\(n(height))\" role=\"img\" "
                + "font-family=\"system-ui, sans-serif\"><title>\(title.markupEscaped)</title>\n"
                + elements.joined(separator: "\n") + "\n</svg>")
    }

    /// About how wide a text of that size is; fonts differ, so leave room.
    static func width(of text: String, size: Double = 12) -> Double { Double(text.count) * size * 0.58 }

    private func n(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100)" }
        return "\(Double(hundredths) / 100)"
    }

    private func list(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    }

    private func faint(_ what: String, _ opacity: Double) -> String {
        opacity >= 1 ? "" : " \(what)-opacity=\"\(n(opacity))\""
    }

    private func dashed(_ dash: String) -> String { dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"" }
}

extension String {
    /// The text with the characters that HTML and XML give a meaning replaced; control characters become U+FFFD.
    var markupEscaped: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
                result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
