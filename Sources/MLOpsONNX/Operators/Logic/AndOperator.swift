/// `And`: a and b, with broadcasting.
struct AndOperator: Conjunction {
    static let name = "And"

    static func apply(_ a: Bool, _ b: Bool) -> Bool { a && b }
}
