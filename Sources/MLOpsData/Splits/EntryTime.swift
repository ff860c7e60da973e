internal import Foundation
internal import MLOpsCore

extension DatasetEntry {
    /// When the record was made, in seconds since 1970, by an attribute that holds ISO 8601 or those seconds.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the attribute is missing or holds something else.
    func time(_ attribute: String) throws -> Double {
        guard let text = attributes[attribute] else {
            throw MLOpsError(
                .invalidArgument, "'\(id)' has no attribute '\(attribute)'.",
                help: "Give each record its time in ISO 8601, or choose the attribute that holds it.")
        }
        if let seconds = Double(text), seconds.isFinite { return seconds }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        if let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: style)) {
            return date.timeIntervalSince1970
        }
        throw MLOpsError(
            .invalidArgument, "The attribute '\(attribute)' of '\(id)' is '\(text)', which is no time.",
            help: "Write ISO 8601, such as 2026-03-01T12:00:00Z, or seconds since 1970.")
    }
}
