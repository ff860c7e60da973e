/// Distributions laid over each other, such as a reference and recent values; each is scaled to a share of its own.
public struct Histogram: Sendable, Hashable {
    /// Values with their name.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The values; those that are not finite are left out.
        public var values: [Double]

        /// Makes a series.
        public init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// What the chart is called; empty for none.
    public var title: String
    /// The name of the x axis.
    public var xTitle: String
    /// The distributions.
    public var series: [Series]
    /// The number of bins, 1 to 200.
    public var binCount: Int

    /// Makes a chart.
    public init(title: String = "", xTitle: String = "", series: [Series], binCount: Int = 30) {
        self.title = title
        self.xTitle = xTitle
        self.series = series
        self.binCount = binCount
    }

    /// The drawing, 640 × 320.
    public var svg: SVG {
        let scale = PlotScale(numbers: series.flatMap(\.values), about: 8)
        let bins = min(200, max(1, binCount))
        let shares = series.map { share(of: $0.values, on: scale, bins: bins) }
        var canvas = SVGCanvas(width: 640, height: 320)
        let frame = PlotFrame(
            drawingOn: &canvas, title: title, x: scale, y: PlotScale(numbers: shares.joined() + [0]), xTitle: xTitle,
            yTitle: "share", legend: series.enumerated().map { ($1.name, PlotFrame.color($0)) })
        let width = (frame.right - frame.left) / Double(bins)
        for (index, shares) in shares.enumerated() {
            var outline: [(x: Double, y: Double)] = [(frame.left, frame.bottom)]
            for (bin, share) in shares.enumerated() {
                let (x, y) = (frame.left + width * Double(bin), frame.vertical(share))
                outline += [(x, y), (x + width, y)]
            }
            outline.append((frame.right, frame.bottom))
            canvas.polygon(outline, fill: PlotFrame.color(index), opacity: 0.3)
            canvas.polyline(outline, stroke: PlotFrame.color(index))
        }
        return canvas.svg(title: title.isEmpty ? series.map(\.name).joined(separator: ", ") : title)
    }

    private func share(of values: [Double], on scale: PlotScale, bins: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: bins)
        var total = 0.0
        for value in values where value >= scale.lower && value <= scale.upper {
            counts[min(bins - 1, Int(scale.fraction(value) * Double(bins)))] += 1
            total += 1
        }
        return total > 0 ? counts.map { $0 / total } : counts
    }
}
