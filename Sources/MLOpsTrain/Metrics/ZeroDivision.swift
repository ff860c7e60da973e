/// What a score is when its denominator is 0, such as the precision of a class that was never predicted.
public enum ZeroDivision: Sendable, Hashable {
    /// The score is 0.
    case zero
    /// The score is 1.
    case one
    /// The score is not a number, and averages leave it out.
    case undefined

    /// The score in that case.
    public var value: Double {
        switch self {
        case .zero: 0
        case .one: 1
        case .undefined: .nan
        }
    }

    /// a / b, or the policy's value when b is 0.
    func divide(_ a: Double, by b: Double) -> Double { b == 0 ? value : a / b }
}
