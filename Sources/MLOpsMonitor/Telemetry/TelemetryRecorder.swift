internal import Foundation
public import MLOpsCore

/// Reads sensors and keeps their latest readings in bounded memory.
public actor TelemetryRecorder {
    private let sensors: [any Sensor]
    private let capacity: Int
    private let clock: WallClock
    private var rings: [SampleRing]

    /// Makes a recorder.
    ///
    /// - Parameter capacity: the number of readings kept for each sensor.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when two sensors have one name, or the capacity is below 1.
    public init(_ sensors: [any Sensor], capacity: Int = 1440, clock: WallClock = .system) throws {
        guard capacity >= 1 else {
            throw MLOpsError(
                .invalidArgument, "A recorder can't keep \(capacity) readings.", help: "Give a capacity of 1 or more.")
        }
        guard Set(sensors.map(\.name)).count == sensors.count else {
            throw MLOpsError(
                .invalidArgument, "Two of the sensors \(sensors.map(\.name)) have one name.",
                help: "Give each sensor a name of its own.")
        }
        self.sensors = sensors
        self.capacity = capacity
        self.clock = clock
        rings = sensors.map { _ in SampleRing() }
    }

    /// Reads each sensor once; those that fail, or whose value is not finite, give a finding and no reading.
    @discardableResult
    public func sample() async -> [Finding] {
        var failures: [Finding] = []
        for (index, sensor) in sensors.enumerated() {
            do {
                let value = try await sensor.read()
                guard value.isFinite else {
                    throw MLOpsError(
                        .corruptData, "The sensor '\(sensor.name)' read \(value).", help: "Check the device.")
                }
                rings[index].append(TelemetrySeries.Sample(value, at: clock.now()), capacity: capacity)
            } catch {
                let reason = (error as? MLOpsError)?.message ?? "\(error)"
                failures.append(
                    Finding(
                        check: "telemetry.\(sensor.name)", verdict: .insufficient, message: "No reading: \(reason)",
                        at: clock.now()))
            }
        }
        return failures
    }

    /// Reads each sensor every so often until the task is cancelled.
    public func run(every interval: Duration, clock pace: any Clock<Duration> = ContinuousClock()) async throws {
        while true {
            await sample()
            try await pace.sleep(for: interval)
        }
    }

    /// The kept readings of each sensor, in the order in which the sensors were given.
    public func series() -> [TelemetrySeries] {
        zip(sensors, rings).map { TelemetrySeries(sensor: $0.name, unit: $0.unit, samples: $1.ordered) }
    }
}

/// The last readings; a new one takes the place of the oldest.
private struct SampleRing: Sendable {
    private var samples: [TelemetrySeries.Sample] = []
    private var oldest = 0

    mutating func append(_ sample: TelemetrySeries.Sample, capacity: Int) {
        if samples.count < capacity {
            samples.append(sample)
        } else {
            samples[oldest] = sample
            oldest = (oldest + 1) % capacity
        }
    }

    var ordered: [TelemetrySeries.Sample] { Array(samples[oldest...] + samples[..<oldest]) }
}
