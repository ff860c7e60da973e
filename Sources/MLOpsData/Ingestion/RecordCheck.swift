internal import MLOpsCore

/// A question that each record must pass to be taken in.
///
/// The closure throws to reject; an ``MLOpsError`` gives the code and the reason in the reject log. It runs on several
/// threads at once, and must give the same answer for the same record.
public struct RecordCheck: Sendable {
    /// What is checked, in a word or two; the code of a rejection by an error that is no ``MLOpsError``.
    public let name: String
    /// Names what is checked and with which settings: a file that has passed a check is not read again for a check of
    /// the same version. `nil` has all files read at each ingestion.
    public let version: String?
    let check: @Sendable (RawRecord) throws -> Void

    /// Makes a check.
    ///
    /// - Parameter version: change it whenever the answer for some record may change; `nil` when that can't be said.
    public init(_ name: String, version: String? = nil, check: @escaping @Sendable (RawRecord) throws -> Void) {
        self.name = name
        self.version = version
        self.check = check
    }

    /// The bytes are a picture that decodes to its end, within the limits of the decoder.
    ///
    /// All of the compressed data is read and decoded, so that what is cut, or breaks the coding, is refused; of the
    /// arithmetic from coefficients to pixels only an eighth of each side is done for a JPEG, as it can't fail. A bit
    /// that flipped without breaking the coding changes the picture and is not noticed: JPEG has no checksum.
    public static func decodes(with decoder: ImageDecoder = ImageDecoder()) -> RecordCheck {
        RecordCheck("decodes", version: "1 \(decoder.maxBytes) \(decoder.maxPixels) \(decoder.maxSide)") {
            _ = try decoder.decode($0.bytes, atLeast: (width: 1, height: 1))
        }
    }

    /// The record has a label.
    public static let labeled = RecordCheck("labeled", version: "1") { record in
        guard record.label == nil else { return }
        throw MLOpsError(.invalidArgument, "The record has no label.", help: "Label it in the source.")
    }

    /// The record's label, if it has one, is one of those given.
    public static func label(in labels: Set<String>) -> RecordCheck {
        RecordCheck("knownLabel", version: "1 \(labels.sorted())") { record in
            guard let label = record.label, !labels.contains(label) else { return }
            throw MLOpsError(
                .invalidArgument, "The label '\(label)' is unknown.", help: "Known labels are \(labels.sorted()).")
        }
    }
}
