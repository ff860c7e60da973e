/// `Xor`: a or b but not both, with broadcasting.
struct XorOperator: Conjunction {
    static let name = "Xor"

    static func apply(_ a: Bool, _ b: Bool) -> Bool { a != b }
}
