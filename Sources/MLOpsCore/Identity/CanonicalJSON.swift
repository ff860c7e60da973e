public import Foundation

/// JSON with one spelling: equal values give equal bytes, so their digests are equal too.
///
/// Keys are sorted, there is no white space, slashes stay bare, and dates are ISO 8601 in UTC, rounded to milliseconds.
/// Doubles are written with the fewest digits that read back as the same double.
public enum CanonicalJSON {
    /// The canonical bytes of a value.
    public static func encode(_ value: some Encodable) throws -> Data { try encoder().encode(value) }

    /// The same JSON with indentation, for files that people read; not for digests.
    public static func encodePretty(_ value: some Encodable) throws -> Data {
        let encoder = encoder()
        encoder.outputFormatting.insert(.prettyPrinted)
        return try encoder.encode(value)
    }

    /// Reads a value from JSON.
    ///
    /// - Parameter source: where the bytes come from; named in the error.
    /// - Throws: ``MLOpsError`` with `corruptData` when the bytes are not JSON of that value.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, source: String = "the JSON"
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            if let date = (try? Date(text, strategy: dateStyle)) ?? (try? Date(text, strategy: .iso8601)) {
                return Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
            }
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no ISO 8601 date")
        }
        do { return try decoder.decode(type, from: data) } catch {
            throw MLOpsError(
                .corruptData, "Can't read a \(type) from \(source) (\(data.count) bytes).",
                help: "Check that the file is complete and of this release's format.", cause: error)
        }
    }

    /// Reads a value that tells the version of its layout in `schemaVersion`, which is looked at first: what another
    /// release wrote may lack what this one needs.
    ///
    /// - Throws: ``MLOpsError`` with `newerSchema` when the layout is newer than `schemaVersion`, `corruptData` when it is
    ///   older or the bytes are not JSON of that value.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, schemaVersion: Int, from data: Data, source: String
    ) throws -> Value {
        let found = try decode(Layout.self, from: data, source: source).schemaVersion
        guard found == schemaVersion else {
            throw MLOpsError(
                found > schemaVersion ? .newerSchema : .corruptData,
                "\(source) has the layout version \(found); this release reads \(schemaVersion).",
                help: found > schemaVersion
                    ? "Use a newer release of swift-mlops." : "Make it again, or use the release that wrote it.")
        }
        return try decode(type, from: data, source: source)
    }

    private struct Layout: Decodable { var schemaVersion: Int }

    private static let dateStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            // The style cuts milliseconds off; a quarter above the nearest one, it writes that one, so that a date
            // that was read is written the same again.
            let seconds = (date.timeIntervalSinceReferenceDate * 1000).rounded() / 1000
            try container.encode(Date(timeIntervalSinceReferenceDate: seconds + 0.000_25).formatted(dateStyle))
        }
        return encoder
    }
}
