/// The box that a chart is drawn in: its margins, axes, grid, titles and legend.
struct PlotFrame {
    /// Colors that people with a color vision deficiency can tell apart, on light and on dark paper.
    ///
    /// Source: after M. Okabe and K. Ito, "Color universal design", 2008; yellow left out, it vanishes on white.
    static let colors = ["#2f7fc1", "#e07b00", "#1f9e77", "#c46fa5", "#d0503c", "#58b0dd", "#8a7f2e"]

    static func color(_ index: Int) -> String { colors[index % colors.count] }

    let x: PlotScale
    let y: PlotScale
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    /// Draws axes, titles and legend on a canvas of the usual size and leaves the box free for the data.
    init(
        drawingOn canvas: inout SVGCanvas, title: String, x: PlotScale, y: PlotScale, xTitle: String, yTitle: String,
        legend: [(name: String, color: String)]
    ) {
        self.x = x
        self.y = y
        let widest = y.ticks.map { SVGCanvas.width(of: $0.label) }.max() ?? 0
        let left = 12 + widest + (yTitle.isEmpty ? 0 : 20)
        let right = canvas.width - 18
        var cursor = title.isEmpty ? 8.0 : 28.0
        if !title.isEmpty { canvas.text(title, 8, 18, size: 14) }
        if legend.count > 1 {
            var across = left
            cursor += 14
            for entry in legend {
                let width = SVGCanvas.width(of: entry.name) + 34
                if across > left, across + width > right {
                    across = left
                    cursor += 18
                }
                canvas.rectangle(across, cursor - 9, 12, 10, fill: entry.color)
                canvas.text(entry.name, across + 18, cursor)
                across += width
            }
        }
        self.left = left
        self.right = right
        top = cursor + 12
        bottom = canvas.height - (xTitle.isEmpty ? 28 : 46)

        for tick in y.ticks {
            let height = vertical(tick.value)
            canvas.line(left, height, right, height, opacity: 0.15)
            canvas.text(tick.label, left - 6, height + 4, anchor: .end, opacity: 0.75)
        }
        for tick in x.ticks {
            let across = horizontal(tick.value)
            canvas.line(across, bottom, across, bottom + 4, opacity: 0.5)
            canvas.text(tick.label, across, bottom + 18, anchor: .middle, opacity: 0.75)
        }
        canvas.line(left, bottom, right, bottom, opacity: 0.5)
        if !xTitle.isEmpty { canvas.text(xTitle, (left + right) / 2, canvas.height - 8, anchor: .middle) }
        if !yTitle.isEmpty { canvas.text(yTitle, 14, (top + bottom) / 2, anchor: .middle, turned: true) }
    }

    /// Where a value of the x axis lies on the canvas.
    func horizontal(_ value: Double) -> Double { left + x.fraction(value) * (right - left) }

    /// Where a value of the y axis lies on the canvas.
    func vertical(_ value: Double) -> Double { bottom - y.fraction(value) * (bottom - top) }

    /// Draws a horizontal line at each limit, with the names of those that lie there above it.
    func draw(_ thresholds: [PlotThreshold], on canvas: inout SVGCanvas) {
        let shown = thresholds.filter { $0.value >= y.lower && $0.value <= y.upper }
        for (value, limits) in Dictionary(grouping: shown, by: \.value).sorted(by: { $0.key < $1.key }) {
            let height = vertical(value)
            canvas.line(left, height, right, height, stroke: "#d0503c", width: 1.5, dash: "6 4")
            let names = limits.map(\.name).joined(separator: ", ")
            canvas.text(names, right - 2, height - 5, anchor: .end, size: 11, fill: "#d0503c")
        }
    }
}

/// A limit to draw as a horizontal line.
public struct PlotThreshold: Sendable, Hashable {
    /// What the limit is, such as `limit 0.95`.
    public var name: String
    /// Where it lies on the y axis.
    public var value: Double

    /// Makes a limit.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}
