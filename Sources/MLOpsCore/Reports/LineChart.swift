/// Several series over one axis of numbers or times, each with an interval band if it has one.
public struct LineChart: Sendable, Hashable {
    /// What the x axis holds.
    public enum XAxis: Sendable, Hashable {
        /// Numbers.
        case numbers
        /// Seconds since 1970, shown in UTC.
        case dates
    }

    /// One point, with its interval if it has one.
    public struct Point: Sendable, Hashable {
        /// Where it lies on the x axis.
        public var x: Double
        /// Where it lies on the y axis; a value that is not finite leaves a gap in the line.
        public var y: Double
        /// The lower end of its interval.
        public var lower: Double?
        /// The upper end of its interval.
        public var upper: Double?

        /// Makes a point.
        public init(_ x: Double, _ y: Double, lower: Double? = nil, upper: Double? = nil) {
            self.x = x
            self.y = y
            self.lower = lower
            self.upper = upper
        }

        /// Makes a point of an estimate and its interval.
        public init(_ x: Double, _ estimate: Estimate) {
            self.init(x, estimate.value, lower: estimate.lower, upper: estimate.upper)
        }
    }

    /// A line with its name.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The points, in the order of x.
        public var points: [Point]
        /// Whether the line is dashed, as for a reference.
        public var isDashed: Bool

        /// Makes a series.
        public init(_ name: String, _ points: [Point], isDashed: Bool = false) {
            self.name = name
            self.points = points
            self.isDashed = isDashed
        }
    }

    /// What the chart is called; empty for none.
    public var title: String
    /// The name of the x axis.
    public var xTitle: String
    /// The name of the y axis.
    public var yTitle: String
    /// What the x axis holds.
    public var xAxis: XAxis
    /// What the y axis covers at least; the data widen it.
    public var yRange: ClosedRange<Double>?
    /// The lines.
    public var series: [Series]
    /// Limits, drawn as horizontal lines.
    public var thresholds: [PlotThreshold]

    /// Makes a chart.
    public init(
        title: String = "", xTitle: String = "", yTitle: String = "", xAxis: XAxis = .numbers,
        yRange: ClosedRange<Double>? = nil, series: [Series], thresholds: [PlotThreshold] = []
    ) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.xAxis = xAxis
        self.yRange = yRange
        self.series = series
        self.thresholds = thresholds
    }

    /// The drawing, 640 × 320.
    public var svg: SVG {
        var canvas = SVGCanvas(width: 640, height: 320)
        let points = series.flatMap(\.points)
        var ys = points.flatMap { [$0.y, $0.lower ?? $0.y, $0.upper ?? $0.y] } + thresholds.map(\.value)
        if let yRange { ys += [yRange.lowerBound, yRange.upperBound] }
        let xs = points.map(\.x)
        let frame = PlotFrame(
            drawingOn: &canvas, title: title,
            x: xAxis == .dates ? PlotScale(dates: xs) : PlotScale(numbers: xs, about: 8, snap: false),
            y: PlotScale(numbers: ys), xTitle: xTitle, yTitle: yTitle,
            legend: series.enumerated().map { ($1.name, PlotFrame.color($0)) })
        for (index, line) in series.enumerated() { draw(line, PlotFrame.color(index), in: frame, on: &canvas) }
        frame.draw(thresholds, on: &canvas)
        return canvas.svg(title: title.isEmpty ? series.map(\.name).joined(separator: ", ") : title)
    }

    private func draw(_ line: Series, _ color: String, in frame: PlotFrame, on canvas: inout SVGCanvas) {
        let runs = line.points.split { !$0.x.isFinite || !$0.y.isFinite }
        for run in runs {
            let banded = run.filter { $0.lower?.isFinite == true && $0.upper?.isFinite == true }
            if banded.count > 1 {
                let upper = banded.map { (x: frame.horizontal($0.x), y: frame.vertical($0.upper ?? $0.y)) }
                let lower = banded.map { (x: frame.horizontal($0.x), y: frame.vertical($0.lower ?? $0.y)) }
                canvas.polygon(upper + lower.reversed(), fill: color, opacity: 0.18)
            }
            let places = run.map { (x: frame.horizontal($0.x), y: frame.vertical($0.y)) }
            if places.count > 1 { canvas.polyline(places, stroke: color, dash: line.isDashed ? "5 4" : "") }
            if !line.isDashed, places.count <= 60 {
                for place in places { canvas.circle(place.x, place.y, radius: 2.5, fill: color) }
            }
        }
    }
}
