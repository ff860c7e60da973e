/// `Or`: a or b, with broadcasting.
struct OrOperator: Conjunction {
    static let name = "Or"

    static func apply(_ a: Bool, _ b: Bool) -> Bool { a || b }
}
