internal import Foundation

/// One property of the parameters that a search varies, and over what.
public struct Hyperparameter<Parameters: Sendable>: Sendable {
    /// Decides from the hyperparameters set so far whether this one counts.
    public typealias Condition = @Sendable (Parameters) -> Bool

    let isActive: Condition
    /// Sets the property to its value at a coordinate in 0…1.
    let set: @Sendable (Double, inout Parameters) -> Void
    /// The number of values; `nil` for a continuous range.
    let valueCount: Int?
    /// Why it can't be searched; `nil` when it can.
    let problem: String?

    /// A number, each part of the range alike.
    public static func uniform<Value: BinaryFloatingPoint & Sendable>(
        _ property: any WritableKeyPath<Parameters, Value> & Sendable, in range: ClosedRange<Value>,
        when isActive: @escaping Condition = { _ in true }
    ) -> Hyperparameter {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return Hyperparameter(
            isActive: isActive,
            set: { $1[keyPath: property] = Value(min(max(low + (high - low) * $0, low), high)) }, valueCount: nil,
            problem: (high - low).isFinite ? nil : "the range \(range) is not finite")
    }

    /// A number, each factor alike: as many below the geometric mean of the ends as above it.
    public static func logUniform<Value: BinaryFloatingPoint & Sendable>(
        _ property: any WritableKeyPath<Parameters, Value> & Sendable, in range: ClosedRange<Value>,
        when isActive: @escaping Condition = { _ in true }
    ) -> Hyperparameter {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return Hyperparameter(
            isActive: isActive,
            set: { coordinate, parameters in
                // The ends are met exactly, whatever `exp` and `log` round.
                let value = coordinate <= 0 ? low : coordinate >= 1 ? high : low * exp(coordinate * log(high / low))
                parameters[keyPath: property] = Value(min(max(value, low), high))
            }, valueCount: nil,
            problem: low > 0 && (high / low).isFinite ? nil : "the range \(range) is not finite and above 0")
    }

    /// A whole number of the range, from its lower end in steps.
    public static func integer(
        _ property: any WritableKeyPath<Parameters, Int> & Sendable, in range: ClosedRange<Int>, step: Int = 1,
        when isActive: @escaping Condition = { _ in true }
    ) -> Hyperparameter {
        let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        guard step >= 1, !overflow, width < 1 << 52 else {
            return Hyperparameter(
                isActive: isActive, set: { _, _ in }, valueCount: 1,
                problem: "the range \(range) in steps of \(step) can't be counted")
        }
        let (count, low) = (width / step + 1, range.lowerBound)
        return Hyperparameter(
            isActive: isActive,
            set: { $1[keyPath: property] = low + step * index(at: $0, of: count) }, valueCount: count, problem: nil)
    }

    /// One of several values.
    public static func choice<Value: Sendable>(
        _ property: any WritableKeyPath<Parameters, Value> & Sendable, _ values: [Value],
        when isActive: @escaping Condition = { _ in true }
    ) -> Hyperparameter {
        Hyperparameter(
            isActive: isActive,
            set: { $1[keyPath: property] = values[index(at: $0, of: values.count)] }, valueCount: values.count,
            problem: values.isEmpty ? "there is no choice" : nil)
    }

    /// The coordinates of its values on a grid, at most `limit` of them.
    func coordinates(levels: Int, limit: Int) -> [Double] {
        if let valueCount { return (0..<valueCount).prefix(limit).map { (Double($0) + 0.5) / Double(valueCount) } }
        return levels <= 1 ? [0.5] : (0..<levels).prefix(limit).map { Double($0) / Double(levels - 1) }
    }

    private static func index(at coordinate: Double, of count: Int) -> Int {
        min(Int(coordinate * Double(count)), count - 1)
    }
}
