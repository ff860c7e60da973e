/// Something of a device that can be measured: load, temperature, acceleration.
///
/// Promises of a conformer: `read` returns a finite number in ``unit``, or throws; it makes no value up. A sensor that
/// this computer lacks throws ``MLOpsError`` with `unsupported`, as early as it can; one that fails now, `unavailable`.
public protocol Sensor: Sendable {
    /// The name, such as `cpu` or `temperature.cpu`.
    var name: String { get }
    /// The unit of the values, in the spelling of OpenMetrics where it has one, such as `celsius` or `ratio`.
    var unit: String { get }
    /// Measures now.
    func read() async throws -> Double
}

/// A ``Sensor`` that asks a closure: for devices of one's own, and for simulations.
public struct ClosureSensor: Sensor {
    /// The name.
    public let name: String
    /// The unit of the values.
    public let unit: String
    private let measure: @Sendable () async throws -> Double

    /// Makes a sensor.
    public init(_ name: String, unit: String, measure: @escaping @Sendable () async throws -> Double) {
        self.name = name
        self.unit = unit
        self.measure = measure
    }

    /// Asks the closure.
    public func read() async throws -> Double { try await measure() }
}
