/// One value of a row, as it comes from outside.
public enum RowValue: Sendable, Hashable {
    /// No value.
    case missing
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
}

extension RowValue: Codable {
    /// Reads null, a number or a text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .missing
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Writes null, a number or a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .missing: try container.encodeNil()
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

extension RowValue: CustomStringConvertible {
    /// The value, for messages; long texts are cut.
    public var description: String {
        switch self {
        case .missing: "missing"
        case .number(let number): "\(number)"
        case .text(let text): "'\(text.prefix(100))'"
        }
    }
}
