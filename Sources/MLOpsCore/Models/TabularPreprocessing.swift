/// How the columns of a row become a network's input; one value used in training, in the exported model and in serving.
///
/// A row is a vector of 64-bit floats, one for each column: a number as it is, a word as its place in the column's
/// categories (−1 for a word that is not among them), and NaN where it is missing. Each feature is then made of one
/// column by a ``Rule``, in 64-bit floats, and rounded to 32 bits. Its identity is `Digest(ofJSON:)`.
public struct TabularPreprocessing: Sendable, Hashable, Codable {
    /// A column of the rows.
    public struct Column: Sendable, Hashable, Codable {
        /// The name by which a value is handed over.
        public var name: String
        /// The words that a value can be; `nil` for numbers.
        public var categories: [String]?
        /// What stands in for a missing value; `nil` when a value is needed.
        public var replacement: Double?

        /// Makes a column.
        public init(_ name: String, categories: [String]? = nil, replacement: Double? = nil) {
            self.name = name
            self.categories = categories
            self.replacement = replacement
        }
    }

    /// How a feature is made of its column's value v, after a missing one was replaced.
    public enum Rule: Sendable, Hashable, Codable {
        /// (v − center) · scale + base.
        case scaled(center: Double, scale: Double, base: Double)
        /// 1 when v is the number, else 0.
        case equals(Double)
        /// 1 when the value is missing in the row, else 0.
        case isMissing
    }

    /// One number of the network's input.
    public struct Feature: Sendable, Hashable, Codable {
        /// Its name, such as `weight` or `breed=beagle`.
        public var name: String
        /// The index of its column.
        public var column: Int
        /// How it is made.
        public var rule: Rule

        /// Makes a feature.
        public init(_ name: String, column: Int, rule: Rule) {
            self.name = name
            self.column = column
            self.rule = rule
        }
    }

    /// What a row has, in order.
    public let columns: [Column]
    /// What the network takes, in order.
    public let features: [Feature]

    /// Makes a preprocessing.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there is no feature, a feature's column does not exist, two
    ///   columns or two features have one name, categories repeat, or a number is not finite.
    public init(columns: [Column], features: [Feature]) throws {
        for names in [columns.map(\.name), features.map(\.name)] + columns.compactMap(\.categories) {
            guard Set(names).count == names.count else {
                throw MLOpsError(
                    .invalidArgument, "A name stands twice among \(names.prefix(20)).",
                    help: "Give each column, feature and category a name of its own.")
            }
        }
        let numbers = columns.compactMap(\.replacement) + features.flatMap(\.rule.numbers)
        guard !features.isEmpty, features.allSatisfy({ columns.indices.contains($0.column) }),
            numbers.allSatisfy(\.isFinite)
        else {
            throw MLOpsError(
                .invalidArgument, "\(features.count) features of \(columns.count) columns make no input.",
                help: "Give at least one feature, columns that exist, and finite numbers.")
        }
        self.columns = columns
        self.features = features
    }

    /// The features [N · F] of rows [N · C], row-major.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the number of values is no multiple of that of the columns.
    public func features(of rows: [Double]) throws -> [Float] {
        guard !columns.isEmpty, rows.count.isMultiple(of: columns.count) else {
            throw MLOpsError(
                .invalidArgument, "\(rows.count) values are no rows of \(columns.count) columns.",
                help: "Give a value for each column of each row.")
        }
        var result: [Float] = []
        result.reserveCapacity(rows.count / columns.count * features.count)
        for start in stride(from: 0, to: rows.count, by: columns.count) {
            for feature in features {
                let given = rows[start + feature.column]
                let value = given.isNaN ? columns[feature.column].replacement ?? .nan : given
                switch feature.rule {
                case .scaled(let center, let scale, let base): result.append(Float((value - center) * scale + base))
                case .equals(let number): result.append(value == number ? 1 : 0)
                case .isMissing: result.append(given.isNaN ? 1 : 0)
                }
            }
        }
        return result
    }

    private enum CodingKeys: String, CodingKey { case columns, features }

    /// Reads columns and features, and checks them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            columns: container.decode([Column].self, forKey: .columns),
            features: container.decode([Feature].self, forKey: .features))
    }
}

extension TabularPreprocessing.Rule {
    fileprivate var numbers: [Double] {
        switch self {
        case .scaled(let center, let scale, let base): [center, scale, base]
        case .equals(let number): [number]
        case .isMissing: []
        }
    }
}
