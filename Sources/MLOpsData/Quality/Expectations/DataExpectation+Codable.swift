extension DataExpectation: Codable {
    private enum Keys: String, CodingKey { case type, kwargs, severity }

    private enum Arguments: String, CodingKey {
        case column, mostly, regex, strictly, table, threshold
        case min = "min_value"
        case max = "max_value"
        case set = "value_set"
        case kind = "type_"
        case quantiles = "quantile_ranges"
        case partition = "partition_object"
        case otherColumn = "other_column"
    }

    private struct QuantileRanges: Codable {
        var quantiles: [Double]
        var value_ranges: [[Double?]]
    }

    private struct Partition: Codable {
        var values: [DataValue]
        var weights: [Double]
    }

    /// Reads the JSON of Great Expectations 1: `type`, `kwargs` and `severity`.
    ///
    /// An expectation that is not known here is a decoding error that names it, never one that passes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let name = try container.decode(String.self, forKey: .type)
        let arguments = try container.nestedContainer(keyedBy: Arguments.self, forKey: .kwargs)
        func corrupt(_ what: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: container.codingPath, debugDescription: what))
        }
        func bounds() throws -> Bounds {
            Bounds(
                try arguments.decodeIfPresent(Double.self, forKey: .min),
                try arguments.decodeIfPresent(Double.self, forKey: .max))
        }
        func strictly() throws -> Bool { try arguments.decodeIfPresent(Bool.self, forKey: .strictly) ?? false }
        switch name {
        case "expect_column_to_exist": check = .exists
        case "expect_column_values_to_not_be_null": check = .notNull
        case "expect_column_values_to_be_of_type":
            check = .ofKind(try arguments.decode(DataValue.Kind.self, forKey: .kind))
        case "expect_column_values_to_be_between": check = .between(try bounds())
        case "expect_column_values_to_be_in_set":
            check = .inSet(try arguments.decode([DataValue].self, forKey: .set))
        case "expect_column_values_to_match_regex":
            check = .matches(try arguments.decode(String.self, forKey: .regex))
        case "expect_column_values_to_be_unique": check = .unique
        case "expect_column_values_to_be_increasing": check = .increasing(strictly: try strictly())
        case "expect_column_values_to_be_decreasing": check = .decreasing(strictly: try strictly())
        case "expect_table_row_count_to_be_between": check = .rowCount(try bounds())
        case "expect_column_mean_to_be_between": check = .mean(try bounds())
        case "expect_column_quantile_values_to_be_between":
            let ranges = try arguments.decode(QuantileRanges.self, forKey: .quantiles)
            guard ranges.quantiles.count == 1, ranges.value_ranges.count == 1, ranges.value_ranges[0].count == 2 else {
                throw corrupt("\(name) takes one quantile here, with one range: write one expectation for each")
            }
            check = .quantile(ranges.quantiles[0], Bounds(ranges.value_ranges[0][0], ranges.value_ranges[0][1]))
        case "expect_column_kl_divergence_to_be_less_than":
            let partition = try arguments.decode(Partition.self, forKey: .partition)
            guard partition.values.count == partition.weights.count else {
                throw corrupt("\(name) has \(partition.values.count) values and \(partition.weights.count) weights")
            }
            check = .distribution(
                shares: Dictionary(zip(partition.values.map(\.text), partition.weights), uniquingKeysWith: +),
                limit: try arguments.decode(Double.self, forKey: .threshold))
        case "expect_column_values_to_be_in_other_table":
            check = .foreignKey(
                table: try arguments.decode(String.self, forKey: .table),
                column: try arguments.decode(String.self, forKey: .otherColumn))
        default: throw corrupt("'\(name)' is no expectation that is known here")
        }
        column = try arguments.decodeIfPresent(String.self, forKey: .column)
        mostly = try arguments.decodeIfPresent(Double.self, forKey: .mostly) ?? 1
        severity = try container.decodeIfPresent(Severity.self, forKey: .severity) ?? .critical
        if case .rowCount = check { return }
        if column == nil { throw corrupt("\(name) has no column") }
    }

    /// Writes the JSON of Great Expectations 1.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(name, forKey: .type)
        try container.encode(severity, forKey: .severity)
        var arguments = container.nestedContainer(keyedBy: Arguments.self, forKey: .kwargs)
        try arguments.encodeIfPresent(column, forKey: .column)
        if mostly != 1 { try arguments.encode(mostly, forKey: .mostly) }
        switch check {
        case .exists, .notNull, .unique: break
        case .ofKind(let kind): try arguments.encode(kind, forKey: .kind)
        case .between(let bounds), .rowCount(let bounds), .mean(let bounds):
            try arguments.encodeIfPresent(bounds.min, forKey: .min)
            try arguments.encodeIfPresent(bounds.max, forKey: .max)
        case .inSet(let values): try arguments.encode(values, forKey: .set)
        case .matches(let pattern): try arguments.encode(pattern, forKey: .regex)
        case .increasing(let strictly), .decreasing(let strictly):
            if strictly { try arguments.encode(true, forKey: .strictly) }
        case .quantile(let share, let bounds):
            try arguments.encode(
                QuantileRanges(quantiles: [share], value_ranges: [[bounds.min, bounds.max]]), forKey: .quantiles)
        case .distribution(let shares, let limit):
            let sorted = shares.sorted { $0.key < $1.key }
            try arguments.encode(
                Partition(values: sorted.map { .text($0.key) }, weights: sorted.map(\.value)), forKey: .partition)
            try arguments.encode(limit, forKey: .threshold)
        case .foreignKey(let table, let other):
            try arguments.encode(table, forKey: .table)
            try arguments.encode(other, forKey: .otherColumn)
        }
    }
}
