/// The type of a feature.
public enum FeatureType: String, Sendable, Hashable, Codable, CaseIterable {
    /// A whole number of 64 bits.
    case integer
    /// A number of double precision; never NaN.
    case number
    /// A text.
    case text
    /// Yes or no.
    case flag
}

/// The value of a feature; no value is `nil`.
public enum FeatureValue: Sendable, Hashable, Codable {
    /// A whole number.
    case integer(Int64)
    /// A number of double precision; never NaN, since NaN does not equal itself.
    case number(Double)
    /// A text.
    case text(String)
    /// Yes or no.
    case flag(Bool)

    /// The type of the value.
    public var type: FeatureType {
        switch self {
        case .integer: .integer
        case .number: .number
        case .text: .text
        case .flag: .flag
        }
    }
}
