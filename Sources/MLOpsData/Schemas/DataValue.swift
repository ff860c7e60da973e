/// One field of a record, as profiles, schemas and expectations see it.
public enum DataValue: Sendable, Hashable {
    /// Nothing there.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A number; finite.
    case number(Double)
    /// Text.
    case text(String)

    /// What a field holds.
    public enum Kind: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
        /// Nothing.
        case null
        /// True or false.
        case bool
        /// A whole number.
        case integer
        /// A number with a fraction.
        case number
        /// A date, or a date with a time, in ISO 8601.
        case timestamp
        /// Text.
        case text
    }

    /// What the text of a field means: `true` and `false`, whole numbers, numbers; nothing when it is empty.
    ///
    /// Digits after a leading zero, such as `007`, are text: they name something.
    public init(parsing text: String) {
        switch text {
        case "": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default:
            guard Self.isNumeral(text.utf8) else {
                self = .text(text)
                return
            }
            if let whole = Int(text) {
                self = .integer(whole)
            } else if let number = Double(text), number.isFinite {
                self = .number(number)
            } else {
                self = .text(text)
            }
        }
    }

    /// The number of a ``integer(_:)`` or ``number(_:)``, when it is finite.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value.isFinite ? value : nil
        default: nil
        }
    }

    /// Whether there is nothing.
    public var isNull: Bool { self == .null }

    /// What the field holds.
    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .integer: .integer
        case .number: .number
        case .text(let text): Self.isTimestamp(text.utf8) ? .timestamp : .text
        }
    }

    /// The field as text; empty for nothing.
    public var text: String {
        switch self {
        case .null: ""
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let text): text
        }
    }

    /// Whether only a decimal number is spelled so; `inf`, `nan` and `0x10` are not taken for numbers.
    private static func isNumeral(_ text: String.UTF8View) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard let first = digits.first, digits.count <= 40, isDigit(first) else { return false }
        if first == UInt8(ascii: "0"), let second = digits.dropFirst().first, isDigit(second) { return false }
        return digits.allSatisfy { isDigit($0) || ".eE+-".utf8.contains($0) }
    }

    /// Whether a text begins as `YYYY-MM-DD`, and goes on with a time or not at all.
    private static func isTimestamp(_ text: String.UTF8View) -> Bool {
        guard text.count >= 10, text.count <= 40 else { return false }
        for (place, byte) in text.prefix(10).enumerated() {
            guard place == 4 || place == 7 ? byte == UInt8(ascii: "-") : isDigit(byte) else { return false }
        }
        guard let next = text.dropFirst(10).first else { return true }
        return (next == UInt8(ascii: "T") || next == UInt8(ascii: " "))
            && text.dropFirst(11).allSatisfy { isDigit($0) || "+-:.Z".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension DataValue: Codable {
    /// Reads a JSON scalar; a number without a fraction is read as a whole one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Writes a JSON scalar; a number that is not finite becomes null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value):
            if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
        case .text(let text): try container.encode(text)
        }
    }
}
