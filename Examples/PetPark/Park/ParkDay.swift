import Foundation
import MLOps
import MLOpsConnectors

/// A day in the park's own calendar: the example runs each in seconds, and its clock says so.
struct ParkDay: Codable, Hashable {
    /// From 1.
    var number: Int

    /// Eight in the morning, when the camera is switched on.
    var opening: Date { period.start.addingTimeInterval(8 * 3600) }

    /// From midnight to midnight, UTC.
    var period: DateInterval {
        // 1 May 2026, 00:00 UTC, is day 1.
        DateInterval(
            start: Date(timeIntervalSince1970: 1_777_593_600 + 86_400 * Double(number - 1)), duration: 86_400)
    }
}

/// What the warden notes of each frame, to label predictions by in the evening.
struct FrameNote: Codable {
    /// The inference id.
    var id: String
    /// The digest of the frame's bytes, under which they are stored.
    var frame: Digest
    var truth: String
    var camera: String
    /// The id of the picture that the camera saw.
    var picture: String
    /// Whether the warden has told the truth about it.
    var isLabeled: Bool
}

/// What is kept of a day, besides the predictions.
struct DayLog: Codable {
    var day: ParkDay
    var fault: CameraFault?
    var version: ModelVersion
    var deployment: String
    var notes: [FrameNote]
    var telemetry: [TelemetrySeries]
    var camera: CameraStatistics
}

extension Park {
    func file(_ kind: String, of day: Int, _ ending: String) -> URL {
        folder.appendingPathComponent("days").appendingPathComponent("day-\(day)-\(kind).\(ending)")
    }

    /// What was kept of a day; throws `notFound` for a day that was not watched.
    func log(of day: Int) throws -> DayLog {
        let url = file("log", of: day, "json")
        guard let bytes = FileManager.default.contents(atPath: url.path) else {
            throw missing("day \(day)", step: "watch --day \(day)")
        }
        return try CanonicalJSON.decode(DayLog.self, from: bytes, source: url.path)
    }

    /// The predictions of a day's frames, with the labels that have come in.
    ///
    /// A server also captures the golden vectors that are replayed on it before it is ready; they come from no camera.
    func predictions(of day: Int) async throws -> [LabeledPrediction] {
        let period = ParkDay(number: day).period
        return try await FilePredictionLog(at: file("predictions", of: day, "jsonl"))
            .predictions(from: period.start, to: period.end).filter { $0.prediction.tags["camera"] != nil }
    }
}
