internal import Synchronization

/// Counts of a server, written in the Prometheus text format 0.0.4.
final class ServerMetrics: Sendable {
    private struct Key: Hashable, Comparable {
        var model: String
        var status: Int
        static func < (a: Key, b: Key) -> Bool { (a.model, a.status) < (b.model, b.status) }
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var durations: [String: Histogram] = [:]
    }

    /// The upper bounds of the buckets, in seconds.
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private let state = Mutex(State())

    /// Counts an answered inference request.
    func count(model: String, status: Int) {
        state.withLock { $0.requests[Key(model: model, status: status), default: 0] += 1 }
    }

    /// Adds how long a model took.
    func observe(model: String, seconds: Double) {
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock {
            $0.durations[model, default: Histogram()].counts[bucket] += 1
            $0.durations[model, default: Histogram()].sum += seconds
        }
    }

    /// The text that a Prometheus server scrapes.
    func prometheus(_ capture: PredictionCapture.Counts?) -> String {
        let state = state.withLock { $0 }
        var lines = [
            "# HELP mlops_inference_requests_total Answered inference requests.",
            "# TYPE mlops_inference_requests_total counter",
        ]
        for (key, count) in state.requests.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "mlops_inference_requests_total{model=\"\(escape(key.model))\",status=\"\(key.status)\"} \(count)")
        }
        lines.append("# HELP mlops_inference_duration_seconds Time that the model took.")
        lines.append("# TYPE mlops_inference_duration_seconds histogram")
        for (model, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            let name = "mlops_inference_duration_seconds"
            let label = "model=\"\(escape(model))\""
            var total = 0
            for (i, count) in histogram.counts.enumerated() {
                total += count
                let bound = i < Self.bounds.count ? "\(Self.bounds[i])" : "+Inf"
                lines.append("\(name)_bucket{\(label),le=\"\(bound)\"} \(total)")
            }
            lines.append("\(name)_sum{\(label)} \(histogram.sum)")
            lines.append("\(name)_count{\(label)} \(total)")
        }
        if let capture {
            lines.append("# HELP mlops_captured_rows_total Rows by what became of their capture.")
            lines.append("# TYPE mlops_captured_rows_total counter")
            lines.append("mlops_captured_rows_total{outcome=\"captured\"} \(capture.captured)")
            lines.append("mlops_captured_rows_total{outcome=\"dropped\"} \(capture.dropped)")
            lines.append("mlops_captured_rows_total{outcome=\"failed\"} \(capture.failed)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func escape(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
