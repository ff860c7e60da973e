internal import Foundation
public import MLOpsCore

extension DataReport {
    /// The report as one page that needs nothing else: charts are drawn in it, pictures are part of it.
    public var page: HTMLPage {
        HTMLPage(
            title: "Data report", subtitle: "Dataset \(version.digest)",
            blocks: overview + classes + columns + pictures + suspects)
    }

    private var overview: [HTMLPage.Block] {
        var facts = [
            HTMLPage.Fact("Records", grouped(version.entries.count)),
            HTMLPage.Fact("Classes", version.labels.isEmpty ? "none" : version.labels.joined(separator: ", ")),
            HTMLPage.Fact("Columns", "\(profile.columns.count)"),
            HTMLPage.Fact(
                "Rejected at ingestion",
                version.rejected.isEmpty
                    ? "none"
                    : version.rejected.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
                        .joined(separator: ", ")),
        ]
        if let split, !split.excluded.isEmpty {
            facts.append(HTMLPage.Fact("In no part", grouped(split.excluded.count)))
        }
        var blocks: [HTMLPage.Block] = [.facts(facts)]
        if split != nil {
            let text = leaks.isEmpty ? "Nothing leaks between the parts." : "\(leaks.count) leaks between the parts."
            blocks.append(.badge(verdict, text))
        }
        blocks.append(.heading("Findings"))
        guard !issues.isEmpty else { return blocks + [.paragraph("The checks found nothing.")] }
        blocks.append(
            .table(
                header: ["kind", "finding", "records"],
                rows: issues.map { [.text($0.kind.title), .text($0.summary), .number(grouped($0.count))] }))
        return blocks
    }

    private var classes: [HTMLPage.Block] {
        guard !version.labels.isEmpty else { return [] }
        let parts = split.map { split in SplitPart.allCases.filter { !split.entries(of: $0).isEmpty } } ?? []
        let counts = version.labelCounts
        let series: [BarChart.Series] =
            parts.isEmpty
            ? [.init("records", version.labels.map { .init(Double(counts[$0] ?? 0)) })]
            : parts.map { part in
                .init(part.rawValue, version.labels.map { .init(Double(split?.counts[part]?[$0] ?? 0)) })
            }
        let chart = BarChart(yTitle: "records", categories: version.labels, series: series)
        var blocks: [HTMLPage.Block] = [
            .heading("Classes"),
            .figure(chart.svg, caption: parts.isEmpty ? "Records of each class." : "Records of each class by part."),
        ]
        if let split, !parts.isEmpty {
            blocks.append(
                .table(
                    header: ["part", "records"] + version.labels,
                    rows: parts.map { part in
                        [.text(part.rawValue), .number(grouped(split.entries(of: part).count))]
                            + version.labels.map { .number(grouped(split.counts[part]?[$0] ?? 0)) }
                    }))
        }
        return blocks
    }

    private var columns: [HTMLPage.Block] {
        let schema = DataSchema(inferredFrom: profile)
        let rows = profile.columns.sorted { $0.key < $1.key }.map { name, column -> [HTMLPage.Cell] in
            let distinct = column.distinct.estimate
            let most = column.frequent.items.prefix(3).filter { $0.count > 1 }.map {
                "\($0.value) (\(grouped($0.count)))"
            }
            return [
                .text(name), .text(schema[name]?.kind.rawValue ?? ""),
                .number((Double(column.nulls) / Double(max(1, column.count))).percent),
                .number("\(column.frequent.error == 0 ? "" : "≈ ")" + grouped(Int(distinct.rounded()))),
                .number(column.minimum?.short ?? ""), .number(column.quantiles.quantile(0.5)?.short ?? ""),
                .number(column.maximum?.short ?? ""), .text(most.joined(separator: ", ")),
            ]
        }
        return [
            .heading("Columns"),
            .table(
                header: ["column", "kind", "missing", "different", "least", "median", "greatest", "most frequent"],
                rows: rows),
        ]
    }

    private var pictures: [HTMLPage.Block] {
        guard let names = measures.statistics.first?.keys.sorted() else { return [] }
        let labels = Dictionary(version.entries.map { ($0.id, $0.label ?? "no label") }, uniquingKeysWith: { $1 })
        // More than a few outlines on top of each other can't be told apart.
        let isByClass = version.labels.count <= 4
        let groups = Dictionary(grouping: measures.ids.indices) { isByClass ? labels[measures.ids[$0]] ?? "" : "all" }
            .sorted { $0.key < $1.key }
        let notes = [
            "brightness": "The mean gray value, 0…1.", "contrast": "The standard deviation of gray values, 0…0.5.",
            "saturation": "How colorful the pixels are, 0…1.",
            "sharpness": "The variance of the Laplacian; small when out of focus. The last percent is left out.",
            "entropy": "The entropy of the gray values, in bits.",
        ]
        return [.heading("Pictures")]
            + names.map { name in
                let all = measures.statistics.compactMap { $0[name] }.sorted()
                // A few very sharp pictures would squeeze all others into the first bin.
                let end = name == "sharpness" ? all.interpolatedQuantile(0.99) : .infinity
                let series = groups.map { group, places in
                    Histogram.Series(group, places.compactMap { measures.statistics[$0][name] }.filter { $0 <= end })
                }
                return .figure(
                    Histogram(title: name.capitalized, xTitle: name, series: series, binCount: 40).svg,
                    caption: notes[name] ?? "")
            }
    }
}

extension DataIssue.Kind {
    /// The name in words.
    var title: String {
        description.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : "\($1)" }
    }
}
