public import MLOpsCore

extension [EpochMetrics] {
    /// The curves of a training: a chart of the losses and one of the accuracies, over the epochs; a metric that no epoch
    /// has is left out.
    ///
    ///     let svg = trained.history.charts[0].svg
    public var charts: [LineChart] {
        [("Loss", "loss"), ("Accuracy", "accuracy")].compactMap { title, metric in
            let series = [("training", metric), ("validation", "validation.\(metric)")].compactMap { name, key in
                let points = compactMap { epoch in
                    epoch.values[key].map { LineChart.Point(Double(epoch.epoch + 1), $0) }
                }
                return points.isEmpty ? nil : LineChart.Series(name, points)
            }
            return series.isEmpty
                ? nil : LineChart(title: title, xTitle: "epoch", yTitle: metric, series: series)
        }
    }
}
