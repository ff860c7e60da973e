internal import Foundation
public import MLOpsCore

extension TestReport {
    /// The report as a page for people, with charts, and the worst mistakes as pictures where there are any.
    ///
    /// - Parameter picture: gives the encoded picture of an example by its id, such as a JPEG with its media type;
    ///   `nil` when it has none.
    public func page(
        picture: (String) async throws -> (bytes: [UInt8], mediaType: String)? = { _ in nil }
    ) async throws -> HTMLPage {
        var page = HTMLPage(title: "Test report: \(model)", subtitle: "\(count) examples of \(classes.count) classes")
        page.blocks = [
            .badge(verdict, verdict == .pass ? "All requirements hold." : "Not all requirements hold."),
            .facts([
                .init("Package", "\(package)"), .init("Dataset", "\(dataset)"), .init("Report", "\(try digest)"),
            ]),
        ]
        if !findings.isEmpty {
            page.blocks += [
                .heading("Requirements"),
                .table(
                    header: ["requirement", "value", "interval", "n", "verdict"],
                    rows: findings.map {
                        [.text("\($0.requirement)")] + cells($0.estimate) + [.verdict($0.verdict)]
                    }),
            ]
        }
        page.blocks += [
            .heading("Metrics"),
            .table(
                header: ["metric", "value", "interval", "n"],
                rows: metrics.map { [.text($0.name)] + cells($0.estimate) }),
            .heading("Classes"), .figure(confusionChart.svg, caption: "How often each class was given each answer."),
            .figure(classChart.svg, caption: "Precision, recall and F1 of each class, with their intervals."),
        ]
        page.blocks += sliceBlocks
        if let reliability {
            page.blocks += [
                .heading("Calibration"),
                .figure(
                    Self.chart(of: reliability).svg,
                    caption:
                        "How often the answer is right when the model is that sure; calibrated on the dashed line."
                ),
            ]
        }
        page.blocks += historyBlocks
        page.blocks += try await mistakeBlocks(picture)
        return page
    }

    /// The page of ``page(picture:)`` as text.
    public func html(
        picture: (String) async throws -> (bytes: [UInt8], mediaType: String)? = { _ in nil }
    ) async throws -> String {
        try await page(picture: picture).html
    }

    private var confusionChart: Heatmap {
        let abstains = confusionMatrix.abstained > 0
        return Heatmap(
            title: "Confusion matrix", rows: classes, columns: classes + (abstains ? ["abstained"] : []),
            counts: abstains ? confusionMatrix.counts : confusionMatrix.counts.map { $0.dropLast() })
    }

    private var classChart: BarChart {
        BarChart(
            title: "By class", yTitle: "score", yRange: 0...1, categories: classes,
            series: [
                .init("precision", classes.indices.map { .init(confusionMatrix.precision(of: $0)) }),
                .init("recall", classes.indices.map { .init(confusionMatrix.recall(of: $0)) }),
                .init("F1", classes.indices.map { .init(confusionMatrix.f1(of: $0)) }),
            ])
    }

    private var sliceBlocks: [HTMLPage.Block] {
        guard !slices.isEmpty else { return [] }
        return [
            .heading("Slices"),
            .paragraph("A slice fails when it is worse than the whole beyond chance. The worst come first."),
            .table(
                header: ["slice", "accuracy", "interval", "n", "verdict"],
                rows: slices.prefix(50).map { [.text($0.name)] + cells($0.accuracy) + [.verdict($0.verdict)] }),
        ]
    }

    private static func chart(of reliability: ReliabilityDiagram) -> LineChart {
        LineChart(
            title: "Reliability", xTitle: "confidence", yTitle: "accuracy", yRange: 0...1,
            series: [
                .init("model", reliability.bins.filter { $0.count > 0 }.map { .init($0.confidence, $0.accuracy) }),
                .init("calibrated", [.init(0, 0), .init(1, 1)], isDashed: true),
            ])
    }

    private var historyBlocks: [HTMLPage.Block] {
        guard !history.isEmpty else { return [] }
        // One chart a metric: `loss` and `validation.loss` share theirs.
        let names = Set(history.flatMap(\.values.keys))
        let kinds = Set(names.map { $0.hasPrefix("validation.") ? String($0.dropFirst(11)) : $0 }).sorted()
        return [.heading("Training")]
            + kinds.map { kind in
                let series = [kind, "validation.\(kind)"].filter(names.contains).map { name in
                    // Epochs are counted from 1 for people.
                    LineChart.Series(
                        name,
                        history.compactMap { epoch in epoch.values[name].map { .init(Double(epoch.epoch + 1), $0) } })
                }
                return .figure(
                    LineChart(title: kind, xTitle: "epoch", yTitle: kind, series: series).svg,
                    caption: "\(kind) by epoch of the training.")
            }
    }

    private func mistakeBlocks(
        _ picture: (String) async throws -> (bytes: [UInt8], mediaType: String)?
    ) async throws -> [HTMLPage.Block] {
        guard !mistakes.isEmpty else { return [] }
        var pictures: [HTMLPage.Picture] = []
        for mistake in mistakes {
            guard let (bytes, mediaType) = try await picture(mistake.id) else { continue }
            pictures.append(
                .init(
                    bytes, mediaType: mediaType,
                    caption: "\(mistake.truth), taken for \(mistake.predicted ?? "nothing") "
                        + "(\(mistake.probability.map(number) ?? "–")): \(mistake.id)"))
        }
        let table = HTMLPage.Block.table(
            header: ["example", "truth", "answer", "its probability", "the truth's"],
            rows: mistakes.map { mistake in
                [
                    .text(mistake.id), .text(mistake.truth), .text(mistake.predicted ?? "abstained"),
                    .number(mistake.probability.map(number) ?? "–"),
                    .number(mistake.truthProbability.map(number) ?? "–"),
                ]
            })
        return [
            .heading("Worst mistakes"),
            .paragraph("Those that found the truth least probable come first; a wrong label is often among them."),
        ] + (pictures.isEmpty ? [] : [.pictures(pictures)]) + [table]
    }

    private func cells(_ estimate: Estimate) -> [HTMLPage.Cell] {
        [
            .number(number(estimate.value)), .number("\(number(estimate.lower))–\(number(estimate.upper))"),
            .number("\(estimate.count)"),
        ]
    }

    private func number(_ value: Double) -> String { String(format: "%.4f", value) }
}
