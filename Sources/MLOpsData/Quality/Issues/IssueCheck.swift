/// Looks for one kind of trouble in a dataset.
///
/// Promises of a conformer: equal subjects and settings give equal issues, in the same order; what it needs and the
/// subject does not have makes it find nothing.
public protocol IssueCheck: Sendable {
    /// What is wrong, the worst first.
    func issues(in subject: IssueSubject) throws -> [DataIssue]
}

/// One thing that is wrong with a dataset, or may be.
public struct DataIssue: Sendable, Hashable, Codable {
    /// What kind of trouble; open, so that a check of your own can add one.
    public struct Kind: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name, in camel case.
        public let description: String

        /// Names a kind.
        public init(_ name: String) { description = name }

        /// Records that look alike.
        public static let nearDuplicate = Kind("nearDuplicate")
        /// Records that are like no others.
        public static let outlier = Kind("outlier")
        /// A class with far fewer records than another.
        public static let imbalance = Kind("imbalance")
        /// A column with many missing values.
        public static let null = Kind("null")
        /// Values that depend on the order of the records.
        public static let order = Kind("order")
        /// A column that only numbers or names the records.
        public static let identifier = Kind("identifier")
        /// A column that tells the label.
        public static let labelLeak = Kind("labelLeak")
        /// A group of records for which the model is worse.
        public static let underperformance = Kind("underperformance")
        /// Labels that are probably wrong.
        public static let label = Kind("label")

        /// Reads the name.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode(String.self))
        }

        /// Writes the name.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(description)
        }
    }

    /// What kind of trouble it is.
    public var kind: Kind
    /// One line for people, with the figures.
    public var summary: String
    /// The column that it is about; `nil` when it is about records.
    public var column: String?
    /// How bad it is, on a scale of the kind's own; see the check.
    public var score: Double
    /// How many records it touches.
    public var count: Int
    /// The ids of the first of them, the worst first; of near duplicates two by two.
    public var records: [String]

    /// Describes an issue.
    public init(
        _ kind: Kind, _ summary: String, column: String? = nil, score: Double, count: Int, records: [String] = []
    ) {
        self.kind = kind
        self.summary = summary
        self.column = column
        self.score = score
        self.count = count
        self.records = records
    }
}
