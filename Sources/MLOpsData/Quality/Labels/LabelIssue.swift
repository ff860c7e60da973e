/// A label that is probably wrong.
public struct LabelIssue: Sendable, Hashable, Codable {
    /// The place of the example.
    public var index: Int
    /// The class that it is labeled with.
    public var given: Int
    /// The class that is most probable.
    public var suggested: Int
    /// The probability of the given class, 0…1; low for a wrong label.
    public var selfConfidence: Double
    /// The probability of the given class less that of the most probable other one, scaled from −1…1 to 0…1.
    public var normalizedMargin: Double

    /// Describes a label that is probably wrong.
    public init(index: Int, given: Int, suggested: Int, selfConfidence: Double, normalizedMargin: Double) {
        self.index = index
        self.given = given
        self.suggested = suggested
        self.selfConfidence = selfConfidence
        self.normalizedMargin = normalizedMargin
    }
}
