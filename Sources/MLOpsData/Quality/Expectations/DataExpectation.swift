/// What the values of a column, or the table, are expected to be; a value that can be kept as JSON.
///
/// The JSON is that of an expectation of Great Expectations, with its names: a suite that was written for it and uses
/// the expectations named in ``Check`` can be read here, and the other way round.
public struct DataExpectation: Sendable, Hashable {
    /// How much it matters, by the words of Great Expectations 1.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// The gate refuses when it is not met.
        case critical
        /// Somebody should look.
        case warning
        /// Good to know.
        case info
    }

    /// What is expected. Values that are null are passed over, but by ``notNull``.
    public enum Check: Sendable, Hashable {
        /// The column is there: `expect_column_to_exist`.
        case exists
        /// No value is null: `expect_column_values_to_not_be_null`.
        case notNull
        /// Values are of a kind; whole numbers are numbers, and everything is text: `expect_column_values_to_be_of_type`.
        case ofKind(DataValue.Kind)
        /// Values are numbers in a range: `expect_column_values_to_be_between`.
        case between(Bounds)
        /// Values are among these: `expect_column_values_to_be_in_set`.
        case inSet([DataValue])
        /// The text of a value has a part that a regular expression matches: `expect_column_values_to_match_regex`.
        case matches(String)
        /// No value comes twice: `expect_column_values_to_be_unique`.
        case unique
        /// Each number is at least the one before it, or above it: `expect_column_values_to_be_increasing`.
        case increasing(strictly: Bool)
        /// Each number is at most the one before it, or below it: `expect_column_values_to_be_decreasing`.
        case decreasing(strictly: Bool)
        /// The number of rows: `expect_table_row_count_to_be_between`.
        case rowCount(Bounds)
        /// The mean of the numbers: `expect_column_mean_to_be_between`.
        case mean(Bounds)
        /// A quantile of the numbers, by linear interpolation: `expect_column_quantile_values_to_be_between`.
        case quantile(Double, Bounds)
        /// The shares of values differ from known shares by a divergence, Σ p ln(p / q) over the observed p, of at most a
        /// limit: `expect_column_kl_divergence_to_be_less_than`.
        case distribution(shares: [String: Double], limit: Double)
        /// Values are in a column of another table, which the run is given by name. Great Expectations has no such one.
        case foreignKey(table: String, column: String)
    }

    /// A range whose ends belong to it; an end that is `nil` is open.
    public struct Bounds: Sendable, Hashable {
        /// The least value.
        public var min: Double?
        /// The greatest value.
        public var max: Double?

        /// Makes a range.
        public init(_ min: Double?, _ max: Double?) {
            self.min = min
            self.max = max
        }

        /// Whether a number is in the range.
        public func contains(_ value: Double) -> Bool { value >= min ?? -.infinity && value <= max ?? .infinity }
    }

    /// The column; `nil` for ``Check/rowCount(_:)``.
    public var column: String?
    /// What is expected.
    public var check: Check
    /// The share of values for which it must hold, 0…1; only for checks of single values.
    public var mostly: Double
    /// How much it matters.
    public var severity: Severity

    /// Expects something of a column.
    public init(_ column: String, _ check: Check, mostly: Double = 1, severity: Severity = .critical) {
        self.column = column
        self.check = check
        self.mostly = mostly
        self.severity = severity
    }

    /// Expects a number of rows.
    public static func rowCount(_ min: Double?, _ max: Double?, severity: Severity = .critical) -> DataExpectation {
        var expectation = DataExpectation("", .rowCount(Bounds(min, max)), severity: severity)
        expectation.column = nil
        return expectation
    }

    /// The name that Great Expectations gives it; for a foreign key one of the same style.
    public var name: String {
        switch check {
        case .exists: "expect_column_to_exist"
        case .notNull: "expect_column_values_to_not_be_null"
        case .ofKind: "expect_column_values_to_be_of_type"
        case .between: "expect_column_values_to_be_between"
        case .inSet: "expect_column_values_to_be_in_set"
        case .matches: "expect_column_values_to_match_regex"
        case .unique: "expect_column_values_to_be_unique"
        case .increasing: "expect_column_values_to_be_increasing"
        case .decreasing: "expect_column_values_to_be_decreasing"
        case .rowCount: "expect_table_row_count_to_be_between"
        case .mean: "expect_column_mean_to_be_between"
        case .quantile: "expect_column_quantile_values_to_be_between"
        case .distribution: "expect_column_kl_divergence_to_be_less_than"
        case .foreignKey: "expect_column_values_to_be_in_other_table"
        }
    }
}
