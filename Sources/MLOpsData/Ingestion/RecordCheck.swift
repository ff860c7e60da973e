internal import MLOpsCore

/// A question that each record must pass to be taken in.
///
/// The closure throws to reject; an ``MLOpsError`` gives the code and the reason in the reject log. It runs on several
/// threads at once, and must give the same answer for the same record.
public struct RecordCheck: Sendable {
    /// What is checked, in a word or two; the code of a rejection by an error that is no ``MLOpsError``.
    public let name: String
    let check: @Sendable (RawRecord) throws -> Void

    /// Makes a check.
    public init(_ name: String, check: @escaping @Sendable (RawRecord) throws -> Void) {
        self.name = name
        self.check = check
    }

    /// The bytes are a picture that decodes to its end, within the limits of the decoder.
    ///
    /// A JPEG is decoded at 1/8: all of its data is read and checked, only the arithmetic for full size is spared.
    public static func decodes(with decoder: ImageDecoder = ImageDecoder()) -> RecordCheck {
        RecordCheck("decodes") { _ = try decoder.decode($0.bytes, atLeast: (width: 1, height: 1)) }
    }

    /// The record has a label.
    public static let labeled = RecordCheck("labeled") { record in
        guard record.label == nil else { return }
        throw MLOpsError(.invalidArgument, "The record has no label.", help: "Label it in the source.")
    }

    /// The record's label, if it has one, is one of those given.
    public static func label(in labels: Set<String>) -> RecordCheck {
        RecordCheck("knownLabel") { record in
            guard let label = record.label, !labels.contains(label) else { return }
            throw MLOpsError(
                .invalidArgument, "The label '\(label)' is unknown.", help: "Known labels are \(labels.sorted()).")
        }
    }
}
