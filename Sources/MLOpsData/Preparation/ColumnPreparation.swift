internal import MLOpsCore

/// What is to be done with one column: replace what is missing, then write it as numbers.
///
/// What an ``Encoding`` measures, it measures after missing values were replaced, as a pipeline of two steps would.
public struct ColumnPreparation: Sendable, Hashable, Codable {
    /// What stands in for a missing value.
    public enum Imputation: Sendable, Hashable, Codable {
        /// The mean of the numbers that are there.
        case mean
        /// The median of the numbers that are there; of an even count, the mean of the middle two.
        case median
        /// The most frequent value; of several, the least number or the first word.
        case mostFrequent
        /// A number.
        case number(Double)
        /// A word.
        case text(String)
    }

    /// How values are written as numbers.
    public enum Encoding: Sendable, Hashable, Codable {
        /// Numbers as they are.
        case asIs
        /// (v − mean) / standard deviation, over all rows (the population's); a deviation of 0 counts as 1.
        case standardized
        /// The least number becomes the lower bound, the greatest the upper; if they are equal, all are the lower.
        case range(ClosedRange<Double>)
        /// (v − median) / (third quartile − first), for columns with outliers; a range of 0 counts as 1.
        ///
        /// A quartile between two numbers is interpolated linearly.
        case robust
        /// Words: a feature for each that training has, 1 where it is the value, in the order of their UTF-8 bytes. An
        /// unknown word gives zeros.
        case oneHot
        /// Words: their place in the given order, from 0; an unknown word gives −1. Without words, those that training
        /// has, in the order of their UTF-8 bytes.
        case ordinal([String])
    }

    /// The column's name.
    public var name: String
    /// What stands in for missing values; `nil` refuses them.
    public var imputation: Imputation?
    /// How values are written.
    public var encoding: Encoding
    /// Whether one more feature says where a value was missing.
    public var marksMissing: Bool

    /// Makes a column's preparation.
    public init(
        _ name: String, _ encoding: Encoding, imputing imputation: Imputation? = nil, marksMissing: Bool = false
    ) {
        self.name = name
        self.encoding = encoding
        self.imputation = imputation
        self.marksMissing = marksMissing
    }

    /// What was measured of a column.
    struct Fitted {
        var categories: [String]?
        var replacement: Double?
        /// What follows the column's name in that of each feature, and the feature's rule.
        var rules: [(suffix: String, rule: TabularPreprocessing.Rule)]
    }

    func fit(_ values: [DataValue], maximumCategories: Int) throws -> Fitted {
        var fitted: Fitted
        switch encoding {
        case .asIs, .standardized, .range, .robust:
            fitted = try fit(
                numbers: values.map { value in
                    if value.isNull { return nil }
                    guard let number = value.number else { throw unfit(value) }
                    return number
                })
        case .oneHot, .ordinal:
            fitted = try fit(
                texts: values.map {
                    switch $0 {
                    case .null: nil
                    case .text(let text): text
                    default: throw unfit($0)
                    }
                }, maximumCategories: maximumCategories)
        }
        if marksMissing { fitted.rules.append((" is missing", .isMissing)) }
        return fitted
    }

    private func fit(numbers: [Double?]) throws -> Fitted {
        let present = numbers.compactMap { $0 }
        guard !present.isEmpty else { throw noValue() }
        let replacement: Double? =
            switch imputation {
            case nil: nil
            case .mean: ColumnStatistics.mean(present)
            case .median: ColumnStatistics.quantile(present.sorted(), 0.5)
            case .mostFrequent: ColumnStatistics.mostFrequent(present, precedes: <)
            case .number(let number): number
            case .text(let text): throw unfit("'\(text)' can't stand in for missing numbers")
            }
        if replacement == nil, present.count < numbers.count { throw missing(numbers.count - present.count) }
        let whole = numbers.map { $0 ?? replacement ?? 0 }
        let rule: TabularPreprocessing.Rule
        switch encoding {
        case .standardized:
            let mean = ColumnStatistics.mean(whole)
            let deviation = ColumnStatistics.deviation(whole, mean: mean)
            rule = .scaled(center: mean, scale: 1 / (deviation > 0 ? deviation : 1), base: 0)
        case .range(let range):
            let (least, greatest) = (whole.min() ?? 0, whole.max() ?? 0)
            let extent = greatest > least ? greatest - least : 1
            rule = .scaled(
                center: least, scale: (range.upperBound - range.lowerBound) / extent, base: range.lowerBound)
        case .robust:
            let sorted = whole.sorted()
            let spread = ColumnStatistics.quantile(sorted, 0.75) - ColumnStatistics.quantile(sorted, 0.25)
            rule = .scaled(
                center: ColumnStatistics.quantile(sorted, 0.5), scale: 1 / (spread > 0 ? spread : 1), base: 0)
        case .asIs, .oneHot, .ordinal: rule = .scaled(center: 0, scale: 1, base: 0)
        }
        return Fitted(categories: nil, replacement: replacement, rules: [("", rule)])
    }

    private func fit(texts: [String?], maximumCategories: Int) throws -> Fitted {
        let present = texts.compactMap { $0 }
        guard !present.isEmpty else { throw noValue() }
        var categories = Set(present).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if case .ordinal(let order) = encoding, !order.isEmpty { categories = order }
        guard categories.count <= maximumCategories else {
            throw MLOpsError(
                .limitExceeded,
                "The column '\(name)' has \(categories.count) categories; the limit is "
                    + "\(maximumCategories).",
                help: "Leave the column out if it names the rows, or raise maximumCategories.")
        }
        let word: String? =
            switch imputation {
            case nil: nil
            case .mostFrequent:
                ColumnStatistics.mostFrequent(present) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            case .text(let text): text
            case .mean, .median, .number: throw unfit("no number can stand in for missing texts")
            }
        if word == nil, present.count < texts.count { throw missing(texts.count - present.count) }
        let replacement = word.map { word in Double(categories.firstIndex(of: word) ?? -1) }
        let rules: [(suffix: String, rule: TabularPreprocessing.Rule)] =
            encoding == .oneHot
            ? categories.enumerated().map { ("=" + $1, .equals(Double($0))) }
            : [("", .scaled(center: 0, scale: 1, base: 0))]
        return Fitted(categories: categories, replacement: replacement, rules: rules)
    }

    private func noValue() -> MLOpsError {
        MLOpsError(
            .insufficientData, "The column '\(name)' has no value in the training data.", help: "Leave the column out.")
    }

    private func missing(_ count: Int) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "\(count) values of the column '\(name)' are missing in the training data.",
            help: "Say what stands in for them: imputing.")
    }

    private func unfit(_ value: DataValue) -> MLOpsError {
        MLOpsError(
            .invalidArgument,
            "The column '\(name)' has \(value.kind.rawValue) '\(value.text.prefix(100))', which can't be encoded as \(encoding).",
            help: "Scale numbers, and take oneHot or ordinal for texts.")
    }

    private func unfit(_ reason: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "In the column '\(name)', \(reason).", help: "Impute a value of the column's kind.")
    }
}
