/// What came of one ``DataExpectation``.
public struct ExpectationResult: Sendable, Hashable, Codable {
    /// A value that was not expected, with its row.
    public struct Unexpected: Sendable, Hashable, Codable {
        /// The row, from 0.
        public var row: Int
        /// The value.
        public var value: DataValue

        /// Pairs a row with its value.
        public init(row: Int, value: DataValue) {
            self.row = row
            self.value = value
        }
    }

    /// What was expected.
    public var expectation: DataExpectation
    /// Whether it is met.
    public var isMet: Bool
    /// How many values were looked at; nulls are not, but by ``DataExpectation/Check/notNull``.
    public var count: Int
    /// How many of them were not as expected.
    public var unexpectedCount: Int
    /// The first of these, at most 20.
    public var unexpected: [Unexpected]
    /// What was measured, for an expectation of the whole column; `nil` for one of single values.
    public var observed: Double?
    /// Why it could not be checked, such as a missing column; `nil` when it could. Then it is not met.
    public var failure: String?
}
