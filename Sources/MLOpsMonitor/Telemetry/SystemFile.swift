internal import Foundation
internal import MLOpsCore

/// The small files by which Linux tells its state.
enum SystemFile {
    /// The text of a file; throws `unsupported` when it is not there.
    static func text(_ url: URL) throws -> String {
        guard let data = FileManager.default.contents(atPath: url.path), let text = String(data: data, encoding: .utf8)
        else {
            throw MLOpsError(
                .unsupported, "This computer has no \(url.path).",
                help: "Leave this sensor out here, or give a ClosureSensor that knows the device.")
        }
        return text
    }

    /// An error for a file whose text is not what was expected.
    static func malformed(_ url: URL, _ text: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "\(url.path) holds '\(text.prefix(80))', which is no reading.",
            help: "Give a ClosureSensor that knows this device.")
    }
}
