/// A parameter of a request or a tensor: a truth value, a number, a text, or something that is passed over.
enum ParameterValue: Hashable, Codable {
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
            if let value = try? container.decode(Bool.self) {
                .bool(value)
            } else if let value = try? container.decode(Int.self) {
                .integer(value)
            } else if let value = try? container.decode(Double.self) {
                .number(value)
            } else if let value = try? container.decode(String.self) {
                .text(value)
            } else {
                .other
            }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .other: try container.encodeNil()
        }
    }
}

extension [String: ParameterValue] {
    /// A parameter that is true or false; `nil` when it is not there.
    func bool(_ name: String) -> Bool? {
        if case .bool(let value) = self[name] { value } else { nil }
    }

    /// A parameter that is a whole number; `nil` when it is not there.
    func integer(_ name: String) -> Int? {
        if case .integer(let value) = self[name] { value } else { nil }
    }
}
