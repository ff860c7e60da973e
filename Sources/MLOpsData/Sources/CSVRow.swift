/// A row of a CSV file, or what stands where one was expected.
public struct CSVRow: Sendable, Hashable {
    /// The texts between the delimiters, without their quotes; none in a row with a ``failure``.
    public var fields: [String]
    /// The line on which the row begins, from 1.
    public var line: Int
    /// The number of bytes in the file before the row.
    public var offset: Int
    /// Why the row can't be read; `nil` when it can.
    public var failure: String?

    /// Makes a row.
    public init(_ fields: [String], line: Int, offset: Int, failure: String? = nil) {
        self.fields = fields
        self.line = line
        self.offset = offset
        self.failure = failure
    }
}
