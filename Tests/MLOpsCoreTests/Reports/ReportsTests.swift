import Foundation
import MLOpsCore
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Reports")
struct ReportsTests {
    @Test("every text of a page is escaped, so a label can't bring in markup")
    func escapesEveryText() throws {
        let evil = "<script>alert('x')</script>&\"\u{0}"
        let page = HTMLPage(
            title: evil, subtitle: evil,
            blocks: [
                .heading(evil), .paragraph(evil), .badge(.pass, evil), .facts([.init(evil, evil)]),
                .table(header: [evil], rows: [[.text(evil), .number(evil), .verdict(.fail)]]),
                .figure(LineChart(title: evil, series: [.init(evil, [.init(0, 1), .init(1, 2)])]).svg, caption: evil),
                .figure(
                    BarChart(title: evil, categories: [evil], series: [.init(evil, [.init(1)])]).svg, caption: evil),
                .figure(Heatmap(rows: [evil], columns: [evil], counts: [[1]]).svg, caption: evil),
                HTMLPage.picture([1, 2, 3], mediaType: "image/png\"><script>", caption: evil),
            ])
        let html = page.html
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}"))
    }

    @Test("a page names no outside asset and holds its pictures itself")
    func holdsItsPictures() {
        let html = HTMLPage(title: "t", blocks: [HTMLPage.picture([255, 0], mediaType: "image/jpeg", caption: "c")])
            .html
        #expect(html.contains("src=\"data:image/jpeg;base64,/wA=\""))
        #expect(html.contains("default-src 'none'"))
        #expect(!html.contains("http://") && !html.contains("https://"))
    }

    @Test(
        "charts are well-formed XML for values of every kind",
        arguments: [
            [], [0], [.nan], [.infinity, -.infinity], [1e308, -1e308], [5, 5, 5], [1e17, 1e17 + 16], [-3, 0.5, 1e-12],
            [0, .leastNonzeroMagnitude], [.leastNonzeroMagnitude * 20, .leastNonzeroMagnitude * 61],
            [1e299, 1.000001e299],
        ] as [[Double]])
    func survivesAnyValues(_ values: [Double]) throws {
        let points = values.enumerated().map { LineChart.Point(Double($0), $1, lower: $1 - 1, upper: $1 + 1) }
        let drawings = [
            LineChart(series: [.init("a & b", points)], thresholds: [.init("limit", values.first ?? 0)]).svg,
            LineChart(xAxis: .dates, series: [.init("a", values.map { .init($0, $0) })]).svg,
            BarChart(categories: values.map { "\($0)" }, series: [.init("a", values.map { .init($0) })]).svg,
            Histogram(series: [.init("a", values), .init("b", values)]).svg,
            Heatmap(rows: ["a"], columns: ["b", "c"], counts: [[values.count]]).svg,
        ]
        for svg in drawings { #expect(XMLParser(data: Data(svg.text.utf8)).parse(), "\(svg.text)") }
    }

    @Test("axes have ticks at round numbers that cover the data")
    func placesRoundTicks() {
        let svg = LineChart(series: [.init("a", [.init(0, 0.03), .init(10, 0.97)])]).svg.text
        for label in ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"] { #expect(svg.contains(">\(label)</text>")) }
    }

    @Test("a time axis writes days and hours in UTC")
    func placesTimeTicks() {
        let day = 1_700_006_400.0  // 2023-11-15T00:00:00Z
        let svg = LineChart(
            xAxis: .dates, series: [.init("a", (0...5).map { .init(day + Double($0) * 86400, 1) })]
        ).svg.text
        #expect(svg.contains(">11-15</text>") && svg.contains(">11-20</text>"))
    }

    @Test("a time axis of one moment spans a day")
    func spansADay() {
        let noon = 1_700_049_600.0  // 2023-11-15T12:00:00Z
        let svg = LineChart(xAxis: .dates, series: [.init("a", [.init(noon, 1)])]).svg.text
        #expect(svg.contains(">12:00</text>") && !svg.contains(">2023-"))
    }

    @Test("ticks that lie close together have labels that differ", arguments: [0.71602, 12_345_600.0])
    func tellsTicksApart(_ value: Double) {
        let svg = LineChart(series: [.init("a", [.init(0, value), .init(1, value * 1.00005)])]).svg.text
        let labels = svg.matches(of: /anchor="end"[^>]*>([^<]+)</).map { String($0.1) }
        #expect(labels.count > 3 && Set(labels).count == labels.count, "\(labels)")
    }

    @Test("limits at one height share a line and its label")
    func sharesLimits() {
        let limits = [PlotThreshold("recall.cat", 0.6), .init("recall.dog", 0.6), .init("accuracy", 0.8)]
        let svg = LineChart(series: [.init("a", [.init(0, 0.5), .init(1, 0.9)])], thresholds: limits).svg.text
        #expect(svg.contains(">recall.cat, recall.dog</text>") && svg.contains(">accuracy</text>"))
    }

    @Test("each distribution of a histogram is a share of its own")
    func scalesHistogramsToShares() {
        let svg = Histogram(
            series: [.init("a", [Double](repeating: 0, count: 10)), .init("b", [1, 1, 1])], binCount: 2
        ).svg.text
        // Both outlines reach the top of the y axis, which is 1.
        #expect(svg.contains(">1.0</text>"))
        #expect(svg.components(separatedBy: "<polygon").count == 3)
    }

    @Test("a page is written for a look when a folder is given", .enabled(if: ReportsTests.folder != nil))
    func writesAPageToLookAt() throws {
        var generator = SeededGenerator(seed: 1)
        let epochs = (0..<20).map(Double.init)
        let page = HTMLPage(
            title: "Test report: park-pets 3", subtitle: "sha256:0123456789abcdef · 2026-01-01",
            blocks: [
                .badge(.pass, "all requirements hold"), .badge(.fail, "recall.cat ≥ 0.97"),
                .badge(.insufficient, "slice night: n = 12"),
                .facts([.init("Package", "sha256:0123"), .init("Data", "sha256:4567")]),
                .heading("Metrics"),
                .table(
                    header: ["metric", "value", "95 % interval", "n", "verdict"],
                    rows: [
                        ["accuracy", .number("0.972"), .number("0.968–0.975"), .number("4584"), .verdict(.pass)],
                        ["recall.cat", .number("0.961"), .number("0.955–0.967"), .number("2290"), .verdict(.fail)],
                    ]),
                .heading("Curves"),
                .figure(
                    LineChart(
                        title: "Training", xTitle: "epoch", yTitle: "loss",
                        series: [
                            .init("training", epochs.map { .init($0, 0.7 / ($0 + 1)) }),
                            .init(
                                "validation",
                                epochs.map {
                                    .init($0, 0.8 / ($0 + 1) + 0.1, lower: 0.7 / ($0 + 1), upper: 1 / ($0 + 1) + 0.1)
                                }),
                        ], thresholds: [.init("limit 0.2", 0.2)]
                    ).svg, caption: "Loss by epoch"),
                .figure(
                    LineChart(
                        title: "Drift", yTitle: "PSI", xAxis: .dates,
                        series: [
                            .init(
                                "brightness",
                                (0..<30).map { .init(1.7e9 + Double($0) * 43200, generator.uniform() * 0.1) })
                        ],
                        thresholds: [.init("limit 0.1", 0.1)]
                    ).svg, caption: "Drift by time"),
                .figure(
                    BarChart(
                        title: "By class", yTitle: "score", yRange: 0...1, categories: ["cat", "dog", "neither"],
                        series: [
                            .init(
                                "precision",
                                [
                                    .init(0.9, lower: 0.85, upper: 0.94), .init(0.95, lower: 0.9, upper: 0.97),
                                    .init(0.5, lower: 0.3, upper: 0.7),
                                ]),
                            .init(
                                "recall",
                                [
                                    .init(0.92, lower: 0.85, upper: 0.94), .init(0.93, lower: 0.9, upper: 0.97),
                                    .init(0.4, lower: 0.3, upper: 0.7),
                                ]),
                        ]
                    ).svg, caption: "Precision and recall"),
                .figure(
                    Heatmap(
                        title: "Confusion matrix", rows: ["cat", "dog"], columns: ["cat", "dog", "abstained"],
                        counts: [[2201, 50, 39], [44, 2240, 10]]
                    ).svg,
                    caption: "Counts"),
                .figure(
                    Histogram(
                        title: "Brightness", xTitle: "brightness",
                        series: [
                            .init("reference", (0..<2000).map { _ in 0.5 + 0.1 * generator.normal() }),
                            .init("recent", (0..<500).map { _ in 0.35 + 0.08 * generator.normal() }),
                        ]
                    ).svg, caption: "Shares"),
            ])
        let folder = URL(fileURLWithPath: try #require(ReportsTests.folder))
        try DurableFile.write(Data(page.html.utf8), to: folder.appendingPathComponent("look.html"))
    }

    static let folder = ProcessInfo.processInfo.environment["MLOPS_REPORT_FOLDER"]
}
