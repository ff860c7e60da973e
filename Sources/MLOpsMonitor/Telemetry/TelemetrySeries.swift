public import Foundation

/// The latest readings of one sensor.
public struct TelemetrySeries: Sendable, Hashable, Codable {
    /// One reading.
    public struct Sample: Sendable, Hashable, Codable {
        /// When it was read.
        public var at: Date
        /// The value, in the sensor's unit.
        public var value: Double

        /// Makes a sample.
        public init(_ value: Double, at: Date) {
            self.at = at
            self.value = value
        }
    }

    /// The sensor's name.
    public var sensor: String
    /// The unit of the values.
    public var unit: String
    /// The readings, oldest first.
    public var samples: [Sample]

    /// Makes a series.
    public init(sensor: String, unit: String, samples: [Sample] = []) {
        self.sensor = sensor
        self.unit = unit
        self.samples = samples
    }
}
