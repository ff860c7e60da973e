/// A value of JSON that is no array and no object, as the text that attributes are.
enum JSONScalar: Codable, Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    /// An array or an object, whose content is not kept.
    case compound

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else {
            self = .compound
        }
    }

    /// The flag or number that is written as this text, or the text.
    init(_ text: String) {
        if text == "true" || text == "false" {
            self = .flag(text == "true")
        } else if let value = Int64(text), String(value) == text {
            self = .integer(value)
        } else if let value = Double(text), value.isFinite, String(value) == text {
            self = .number(value)
        } else {
            self = .text(text)
        }
    }

    /// The value as text; `nil` for null and for what is compound.
    var text: String? {
        switch self {
        case .null, .compound: nil
        case .flag(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): value
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null, .compound: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

/// A key of a JSON object that is known at run time only.
struct JSONKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
