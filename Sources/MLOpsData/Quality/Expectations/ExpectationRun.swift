#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One expectation on one table.
struct ExpectationRun {
    let expectation: DataExpectation
    let table: DataTable
    let tables: [String: DataTable]

    init(_ expectation: DataExpectation, _ table: DataTable, _ tables: [String: DataTable]) {
        self.expectation = expectation
        self.table = table
        self.tables = tables
    }

    var result: ExpectationResult {
        if case .rowCount(let bounds) = expectation.check {
            return measured(Double(table.rowCount), bounds, count: table.rowCount)
        }
        let name = expectation.column ?? ""
        guard let values = table[name]?.values else { return failed("there is no column '\(name)'") }
        switch expectation.check {
        case .rowCount: return failed("not of a column")
        case .exists: return met(count: values.count)
        case .notNull: return each(values, passingNulls: false) { _, value in !value.isNull }
        case .ofKind(let kind): return each(values) { _, value in Self.value(value, is: kind) }
        case .between(let bounds): return each(values) { _, value in value.number.map(bounds.contains) ?? false }
        case .inSet(let set):
            let known = Set(set.map(Self.comparable))
            return each(values) { _, value in known.contains(Self.comparable(value)) }
        case .matches(let pattern):
            guard let regex = try? Regex(pattern) else { return failed("'\(pattern)' is no regular expression") }
            return each(values) { _, value in value.text.contains(regex) }
        case .unique:
            let counts = values.reduce(into: [DataValue: Int]()) { $0[Self.comparable($1), default: 0] += 1 }
            return each(values) { _, value in counts[Self.comparable(value)] == 1 }
        case .increasing(let strictly): return ordered(values) { strictly ? $0 < $1 : $0 <= $1 }
        case .decreasing(let strictly): return ordered(values) { strictly ? $0 > $1 : $0 >= $1 }
        case .mean(let bounds):
            let numbers = values.compactMap(\.number)
            guard !numbers.isEmpty else { return failed("the column has no numbers") }
            return measured(numbers.reduce(0, +) / Double(numbers.count), bounds, count: numbers.count)
        case .quantile(let share, let bounds):
            let numbers = values.compactMap(\.number).sorted()
            guard !numbers.isEmpty, (0...1).contains(share) else { return failed("no quantile \(share) of no numbers") }
            return measured(numbers.interpolatedQuantile(share), bounds, count: numbers.count)
        case .distribution(let shares, let limit): return divergence(values, shares, limit)
        case .foreignKey(let other, let column):
            guard let known = tables[other]?[column]?.values else {
                return failed("no column '\(column)' of a table '\(other)' was given")
            }
            let keys = Set(known.map(Self.comparable))
            return each(values) { _, value in keys.contains(Self.comparable(value)) }
        }
    }

    /// A whole number and the number of its value are one.
    private static func comparable(_ value: DataValue) -> DataValue { value.number.map { .number($0) } ?? value }

    private static func value(_ value: DataValue, is kind: DataValue.Kind) -> Bool {
        value.kind == kind || kind == .text || (kind == .number && value.kind == .integer)
    }

    /// Judges each value, and the whole by the share that is as expected.
    private func each(
        _ values: [DataValue], passingNulls: Bool = true, _ isExpected: (Int, DataValue) -> Bool
    ) -> ExpectationResult {
        var result = met(count: 0)
        for (row, value) in values.enumerated() where !(passingNulls && value.isNull) {
            result.count += 1
            if isExpected(row, value) { continue }
            result.unexpectedCount += 1
            if result.unexpected.count < 20 { result.unexpected.append(.init(row: row, value: value)) }
        }
        let good = Double(result.count - result.unexpectedCount)
        result.isMet = result.count == 0 || good / Double(result.count) >= expectation.mostly
        return result
    }

    private func ordered(_ values: [DataValue], _ isNext: (Double, Double) -> Bool) -> ExpectationResult {
        var last: Double?
        return each(values) { _, value in
            guard let number = value.number else { return false }
            defer { last = number }
            return last.map { isNext($0, number) } ?? true
        }
    }

    private func divergence(_ values: [DataValue], _ shares: [String: Double], _ limit: Double) -> ExpectationResult {
        let known = values.filter { !$0.isNull }
        let sum = shares.values.reduce(0, +)
        guard !known.isEmpty, sum > 0, shares.values.allSatisfy({ $0 >= 0 }) else {
            return failed("no values, or no shares, to compare")
        }
        let counts = known.reduce(into: [String: Int]()) { $0[$1.text, default: 0] += 1 }
        // A value whose known share is 0 makes the divergence infinite, as by its definition.
        let divergence = counts.sorted { $0.key < $1.key }.reduce(0.0) { total, item in
            let p = Double(item.value) / Double(known.count)
            return total + p * log(p / ((shares[item.key] ?? 0) / sum))
        }
        return measured(divergence, .init(nil, limit), count: known.count)
    }

    private func measured(_ value: Double, _ bounds: DataExpectation.Bounds, count: Int) -> ExpectationResult {
        var result = met(count: count)
        result.isMet = bounds.contains(value)
        // JSON has no infinity.
        result.observed = value.isFinite ? value : .greatestFiniteMagnitude
        return result
    }

    private func met(count: Int) -> ExpectationResult {
        ExpectationResult(
            expectation: expectation, isMet: true, count: count, unexpectedCount: 0, unexpected: [], observed: nil,
            failure: nil)
    }

    private func failed(_ why: String) -> ExpectationResult {
        var result = met(count: 0)
        result.isMet = false
        result.failure = why
        return result
    }
}

extension [Double] {
    /// The quantile of ascending numbers by linear interpolation (type 7 of Hyndman and Fan 1996, NumPy's default).
    ///
    /// There is at least one number, and the share is 0…1.
    func interpolatedQuantile(_ share: Double) -> Double {
        let place = share * Double(count - 1)
        let low = Int(place)
        return self[low] + (place - Double(low)) * (self[Swift.min(low + 1, count - 1)] - self[low])
    }
}
