/// What a column holds, in one pass and bounded memory: about 10 kB, whatever its length. Profiles can be merged.
public struct ColumnProfile: Sendable, Hashable, Codable {
    /// Texts are told apart by this many characters in ``frequent``.
    static let maxTextLength = 128

    /// The number of rows.
    public private(set) var count = 0
    /// How many values of each kind there are.
    public private(set) var kinds: [DataValue.Kind: Int] = [:]
    /// The mean, variance, skewness and kurtosis of the numbers.
    public private(set) var moments = Moments()
    /// The quantiles of the numbers, with their minimum and maximum.
    public private(set) var quantiles = KLLSketch(checkedK: 200)
    /// The number of different values that are not null.
    public private(set) var distinct = HyperLogLog(checkedPrecision: 12)
    /// The values that come most often; of texts the first 128 characters.
    public private(set) var frequent = FrequentItems(checkedCapacity: 64)
    /// The characters of the shortest text; `nil` when there is none.
    public private(set) var minLength: Int?
    /// The characters of the longest text; `nil` when there is none.
    public private(set) var maxLength: Int?

    /// Starts with no rows.
    public init() {}

    /// Profiles values.
    public init(of values: some Sequence<DataValue>) {
        self.init()
        for value in values { add(value) }
    }

    /// Reads a profile; counts that can't be are a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        kinds = try container.decode([DataValue.Kind: Int].self, forKey: .kinds)
        moments = try container.decode(Moments.self, forKey: .moments)
        quantiles = try container.decode(KLLSketch.self, forKey: .quantiles)
        distinct = try container.decode(HyperLogLog.self, forKey: .distinct)
        frequent = try container.decode(FrequentItems.self, forKey: .frequent)
        minLength = try container.decodeIfPresent(Int.self, forKey: .minLength)
        maxLength = try container.decodeIfPresent(Int.self, forKey: .maxLength)
        guard (0...maxSketchCount).contains(count), kinds.values.allSatisfy((0...count).contains) else {
            throw decoder.damaged("profile of a column")
        }
    }

    /// Starts after rows that did not have the column.
    init(nulls: Int) {
        self.init()
        guard nulls > 0 else { return }
        count = nulls
        kinds[.null] = nulls
    }

    /// The number of rows without a value.
    public var nulls: Int { kinds[.null] ?? 0 }
    /// The least number; `nil` when there is none.
    public var minimum: Double? { quantiles.count > 0 ? quantiles.minimum : nil }
    /// The greatest number; `nil` when there is none.
    public var maximum: Double? { quantiles.count > 0 ? quantiles.maximum : nil }
    /// Whether ``frequent`` may have taken different texts for one.
    var isTextCut: Bool { maxLength ?? 0 > Self.maxTextLength }

    /// Takes in the value of a row.
    public mutating func add(_ value: DataValue) {
        count += 1
        kinds[value.kind, default: 0] += 1
        if value.isNull { return }
        distinct.add(value)
        if let number = value.number {
            moments.add(number)
            quantiles.add(number)
        }
        if case .text(let text) = value {
            let length = text.count
            minLength = min(minLength ?? length, length)
            maxLength = max(maxLength ?? length, length)
            frequent.add(length > Self.maxTextLength ? String(text.prefix(Self.maxTextLength)) : text)
        } else {
            frequent.add(value.text)
        }
    }

    /// Takes in the rows of another.
    ///
    /// Counts, minima, maxima and ``distinct`` are those of all rows; moments are so but for rounding, ``quantiles`` and
    /// ``frequent`` within their errors.
    public mutating func merge(_ other: ColumnProfile) throws {
        try distinct.merge(other.distinct)
        count += other.count
        kinds.merge(other.kinds) { $0 + $1 }
        moments.merge(other.moments)
        quantiles.merge(other.quantiles)
        frequent.merge(other.frequent)
        minLength = [minLength, other.minLength].compactMap { $0 }.min()
        maxLength = [maxLength, other.maxLength].compactMap { $0 }.max()
    }
}
