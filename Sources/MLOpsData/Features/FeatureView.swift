internal import MLOpsCore

/// A named group of features of one kind of entity, with their types.
public struct FeatureView: Sendable, Hashable, Codable {
    /// A feature.
    public struct Column: Sendable, Hashable, Codable {
        /// Its name.
        public var name: String
        /// Its type.
        public var type: FeatureType

        /// Makes a column.
        public init(_ name: String, _ type: FeatureType) {
            self.name = name
            self.type = type
        }
    }

    /// The name, unique in its store.
    public let name: String
    /// What an entity is, such as `camera`.
    public let entity: String
    /// The features, in order.
    public let columns: [Column]
    /// How old a row may be, by its event time, to still say something; `nil` for any age.
    public let timeToLive: Duration?

    /// Makes a view.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an empty or doubled name, for no or more than 500 columns, or
    ///   a time to live that is negative.
    public init(name: String, entity: String, columns: [Column], timeToLive: Duration? = nil) throws {
        let names = columns.map(\.name)
        guard !name.isEmpty, !entity.isEmpty, !names.contains(""), Set(names).count == names.count else {
            throw MLOpsError(
                .invalidArgument,
                "The view '\(name)' of '\(entity)' with the columns \(names.prefix(20)) has an empty or "
                    + "doubled name.", help: "Give the view, its entity and each column a name of its own.")
        }
        guard (1...500).contains(columns.count), (timeToLive ?? .zero) >= .zero else {
            throw MLOpsError(
                .invalidArgument,
                "The view '\(name)' has \(columns.count) columns and lives for "
                    + "\(timeToLive.map(String.init(describing:)) ?? "ever").",
                help: "Give it 1 to 500 columns, and a time to live that is not negative, or nil.")
        }
        self.name = name
        self.entity = entity
        self.columns = columns
        self.timeToLive = timeToLive
    }

    /// Checks that values fit the columns.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an unknown column, another type, or NaN.
    func check(_ values: [String: FeatureValue]) throws {
        var found = 0
        for column in columns {
            guard let value = values[column.name] else { continue }
            found += 1
            guard value.type == column.type else {
                throw MLOpsError(
                    .invalidArgument, "'\(column.name)' of '\(name)' is a \(column.type.rawValue), not \(value).",
                    help: "Convert the value, or register a view with another type.")
            }
            if case .number(let number) = value, number.isNaN {
                throw MLOpsError(
                    .invalidArgument, "'\(column.name)' of '\(name)' is NaN.",
                    help: "Leave out a value that is missing.")
            }
        }
        guard found == values.count else {
            throw MLOpsError(
                .invalidArgument, "'\(name)' has no column for one of \(values.keys.sorted().prefix(20)).",
                help: "Its columns are \(columns.map(\.name).prefix(20)).")
        }
    }
}
