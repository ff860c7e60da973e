import Foundation
import MLOpsCore

/// Captured predictions for tests.
enum Captures {
    static let noon = Date(timeIntervalSince1970: 1_780_056_000)

    static func row(
        _ id: Int, said: String?, truth: String? = nil, at: Date = noon, knownAt: Date = noon, camera: String? = nil,
        features: [String: Double] = [:], input: Int? = nil
    ) -> LabeledPrediction {
        let record = PredictionRecord(
            id: "p\(id)", at: at, deployment: "park", package: Digest(of: [1]), label: said,
            input: Digest(of: Data("\(input ?? id)".utf8)), features: features,
            tags: camera.map { ["camera": $0] } ?? [:], latency: 0.01)
        return LabeledPrediction(
            record, label: truth.map { PredictionLabel(id: record.id, label: $0, at: knownAt, source: "keeper") })
    }

    static func rows(_ said: String, _ count: Int, truth: String? = nil, from id: Int = 0) -> [LabeledPrediction] {
        (0..<count).map { row(id + $0, said: said, truth: truth) }
    }
}
