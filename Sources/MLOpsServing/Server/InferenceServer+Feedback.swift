internal import Foundation
internal import Hummingbird
internal import MLOpsCore

/// The body of a feedback request: the truth about a prediction, known later.
struct Feedback: Codable {
    var id: String
    var label: String
    var source: String
    var at: Date?
}

extension InferenceServer {
    /// Keeps a late label by inference id; the same one again changes nothing.
    nonisolated func takeFeedback(_ request: Request, on model: ServedModel) async throws -> Response {
        guard let capture else {
            throw MLOpsError(
                .unsupported, "This server keeps no predictions, so it takes no feedback.",
                help: "Start it with a prediction log.")
        }
        let bytes = Data(try await request.bytes(upTo: 1 << 16))
        let feedback = try CanonicalJSON.decode(Feedback.self, from: bytes, source: "the feedback")
        let labels = model.package.manifest.labels
        guard !feedback.id.isEmpty, labels.isEmpty || labels.contains(feedback.label) else {
            throw MLOpsError(
                .invalidArgument, "'\(feedback.label)' is no class of '\(model.name)', or the id '\(feedback.id)' is empty.",
                help: "Give an inference id, and one of \(labels).")
        }
        let label = PredictionLabel(
            id: feedback.id, label: feedback.label, at: feedback.at ?? wallClock.now(), source: feedback.source)
        try await capture.log.append(labels: [label])
        return try .json(label)
    }
}
