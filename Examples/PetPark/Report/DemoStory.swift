import Foundation
import MLOps

/// What happened in a demo, for its report.
struct DemoStory {
    struct Day {
        var watch: WatchSummary
        var monitor: MonitorSummary
        var webhookAlerts: Int
    }

    var settings: ParkSettings
    var ingest: IngestSummary?
    var train: TrainSummary?
    var test: TestSummary?
    var refusal = ""
    var deploy: DeploySummary?
    var days: [Day] = []
    var retrain: TrainSummary?
    var retest: TestSummary?
    var redeploy: DeploySummary?
    var trace: TraceSummary?

    init(settings: ParkSettings) { self.settings = settings }

    /// The report: what a person wants to know, in the order in which it happened.
    func page(_ park: Park) throws -> HTMLPage {
        var page = HTMLPage(
            title: "A pet park in Barcelona",
            subtitle: "From \(ingest?.accepted ?? 0) \(settings.photos == nil ? "synthetic pictures" : "photographs") "
                + "to a monitored service, and back")
        page.blocks += dataBlocks + trainingBlocks + testBlocks + releaseBlocks
        for day in days { page.blocks += try blocks(of: day, park) }
        page.blocks += retrainBlocks
        if let trace {
            page.blocks += [.heading("Where the last prediction came from"), .preformatted(trace.description)]
        }
        return page
    }

    private var dataBlocks: [HTMLPage.Block] {
        guard let ingest else { return [] }
        let parts = ["train", "validation", "test"].filter { ingest.parts[$0] != nil }
        let labels = Set(ingest.parts.values.flatMap(\.keys)).sorted()
        return [
            .heading("Data"), .paragraph(ingest.description),
            .figure(
                BarChart(
                    title: "Pictures by part", yTitle: "pictures", categories: parts,
                    series: labels.map { label in
                        .init(label, parts.map { .init(Double(ingest.parts[$0]?[label] ?? 0)) })
                    }
                ).svg, caption: "A keyed hash gives each picture its part; what belongs together stays together."),
        ]
    }

    private var trainingBlocks: [HTMLPage.Block] {
        guard let train else { return [] }
        return [
            .heading("Training"), .preformatted(train.description),
            .figure(
                LineChart(
                    title: "Accuracy by epoch", xTitle: "epoch", yTitle: "accuracy",
                    series: ["accuracy", "validation.accuracy"].map { name in
                        .init(
                            name,
                            train.history.compactMap { epoch in
                                epoch.values[name].map { .init(Double(epoch.epoch + 1), $0) }
                            })
                    }
                ).svg, caption: "On the pictures it learns from, as augmented, and on those it is chosen by."),
        ]
    }

    private var testBlocks: [HTMLPage.Block] {
        guard let test else { return [] }
        return [.heading("Test"), .preformatted(test.description)]
    }

    private var releaseBlocks: [HTMLPage.Block] {
        [
            .heading("Release"), .paragraph("Without an approval the gate refused:"), .preformatted(refusal),
            .preformatted(deploy?.description ?? ""),
        ]
    }

    private var retrainBlocks: [HTMLPage.Block] {
        guard let retrain, let retest else { return [] }
        return [
            .heading("Bias over the days"),
            .figure(
                BarChart(
                    title: "How far predictions lean to dogs", yTitle: "bias",
                    categories: days.map { "day \($0.watch.day)" },
                    series: [.init("bias", days.map { .init($0.monitor.bias.bias) })],
                    thresholds: [.init("limit", settings.biasLimit), .init("limit", -settings.biasLimit)]
                ).svg,
                caption: "Against the labels of the same frames, with 95 % intervals. Day 3 is the retrained version's."
            ),
            .heading("Retraining"), .preformatted(retrain.description), .preformatted(retest.description),
            .preformatted(redeploy?.description ?? ""),
        ]
    }

    private func blocks(of day: Day, _ park: Park) throws -> [HTMLPage.Block] {
        var report = MonitoringReport(deployment: day.watch.version.description, at: day.monitor.bias.at)
        report.performance = [day.monitor.performance]
        report.bias = [day.monitor.bias]
        report.drift = day.monitor.drift
        report.telemetry = try park.log(of: day.watch.day).telemetry
        report.decisions = day.monitor.decisions
        let link = "monitor-day-\(day.watch.day).html"
        _ = try park.write(report: Data(report.page().html.utf8), named: link)
        return [
            .heading("Day \(day.watch.day)"), .paragraph(day.watch.description), .preformatted(day.monitor.description),
            .paragraph("The whole monitoring report of the day is in \(link)."),
        ]
    }
}
