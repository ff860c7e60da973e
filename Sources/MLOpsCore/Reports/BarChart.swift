/// Bars in groups, each with an error bar if its interval is known.
public struct BarChart: Sendable, Hashable {
    /// One bar.
    public struct Bar: Sendable, Hashable {
        /// The height; a value that is not finite is left out.
        public var value: Double
        /// The lower end of the error bar.
        public var lower: Double?
        /// The upper end of the error bar.
        public var upper: Double?

        /// Makes a bar.
        public init(_ value: Double, lower: Double? = nil, upper: Double? = nil) {
            self.value = value
            self.lower = lower
            self.upper = upper
        }

        /// Makes a bar of an estimate and its interval.
        public init(_ estimate: Estimate) {
            self.init(estimate.value, lower: estimate.lower, upper: estimate.upper)
        }
    }

    /// One bar of each group, in one color.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The bars, one for each category.
        public var bars: [Bar]

        /// Makes a series.
        public init(_ name: String, _ bars: [Bar]) {
            self.name = name
            self.bars = bars
        }
    }

    /// What the chart is called; empty for none.
    public var title: String
    /// The name of the y axis.
    public var yTitle: String
    /// What the y axis covers at least; the data widen it, and 0 is always in it.
    public var yRange: ClosedRange<Double>?
    /// The names of the groups, from left to right.
    public var categories: [String]
    /// The bars of each group.
    public var series: [Series]
    /// Limits, drawn as horizontal lines.
    public var thresholds: [PlotThreshold]

    /// Makes a chart.
    public init(
        title: String = "", yTitle: String = "", yRange: ClosedRange<Double>? = nil, categories: [String],
        series: [Series], thresholds: [PlotThreshold] = []
    ) {
        self.title = title
        self.yTitle = yTitle
        self.yRange = yRange
        self.categories = categories
        self.series = series
        self.thresholds = thresholds
    }

    /// The drawing, 640 × 320.
    public var svg: SVG {
        var canvas = SVGCanvas(width: 640, height: 320)
        var ys = series.flatMap(\.bars).flatMap { [$0.value, $0.lower ?? $0.value, $0.upper ?? $0.value] }
        ys += thresholds.map(\.value) + [0]
        if let yRange { ys += [yRange.lowerBound, yRange.upperBound] }
        let groups = Double(max(1, categories.count))
        let frame = PlotFrame(
            drawingOn: &canvas, title: title, x: PlotScale(categories: categories), y: PlotScale(numbers: ys),
            xTitle: "", yTitle: yTitle, legend: series.enumerated().map { ($1.name, PlotFrame.color($0)) })
        let slot = (frame.right - frame.left) / groups
        let width = slot * 0.72 / Double(max(1, series.count))
        for (index, series) in series.enumerated() {
            for (group, bar) in series.bars.prefix(categories.count).enumerated() where bar.value.isFinite {
                let left = frame.left + slot * (Double(group) + 0.14) + width * Double(index)
                let (zero, end) = (frame.vertical(0), frame.vertical(bar.value))
                canvas.rectangle(
                    left + 1, min(zero, end), width - 2, abs(zero - end), fill: PlotFrame.color(index),
                    tip: "\(series.name), \(categories[group]): \(bar.value)")
                guard let lower = bar.lower, let upper = bar.upper, lower.isFinite, upper.isFinite else { continue }
                let (middle, cap) = (left + width / 2, min(5, width / 4))
                canvas.line(middle, frame.vertical(lower), middle, frame.vertical(upper), width: 1.5)
                canvas.line(middle - cap, frame.vertical(lower), middle + cap, frame.vertical(lower), width: 1.5)
                canvas.line(middle - cap, frame.vertical(upper), middle + cap, frame.vertical(upper), width: 1.5)
            }
        }
        frame.draw(thresholds, on: &canvas)
        return canvas.svg(title: title.isEmpty ? series.map(\.name).joined(separator: ", ") : title)
    }
}
