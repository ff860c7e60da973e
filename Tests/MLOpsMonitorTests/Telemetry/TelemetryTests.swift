import Foundation
import MLOpsCore
import MLOpsMonitor
import Synchronization
import Testing

@Suite("Telemetry")
struct TelemetryTests {
    private func folder(_ files: [String: String]) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        for (path, text) in files {
            let url = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return root
    }

    @Test("The sensors of this computer read shares of the whole")
    func realSensors() async throws {
        for sensor in [
            try CPULoadSensor(), try MemorySensor(), try DiskSensor(folder: URL(fileURLWithPath: "/")),
        ] as [any Sensor] {
            let value = try await sensor.read()
            #expect((0...1).contains(value), "\(sensor.name): \(value)")
        }
    }

    #if os(Linux)
        @Test("Load is the busy share between two readings of the counters")
        func load() async throws {
            let root = try folder(["stat": "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3 4\n"])
            defer { try? FileManager.default.removeItem(at: root) }
            let sensor = try CPULoadSensor(processFolder: root)
            #expect(try await sensor.read() == 0.2)
            try Data("cpu  160 0 100 720 120 0 0 0 0 0\n".utf8).write(to: root.appendingPathComponent("stat"))
            #expect(try await sensor.read() == 0.6)
            #expect(throws: MLOpsError.self) { try CPULoadSensor(processFolder: root.appendingPathComponent("none")) }
        }

        @Test("Memory in use is what is not available")
        func memory() async throws {
            let root = try folder(["meminfo": "MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\n"])
            defer { try? FileManager.default.removeItem(at: root) }
            #expect(try await MemorySensor(processFolder: root).read() == 0.75)
        }
    #endif

    @Test("Temperatures come from thermal zones and hardware monitors; a computer without any throws")
    func temperature() async throws {
        let root = try folder([
            "class/thermal/thermal_zone0/temp": "48500\n", "class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "class/hwmon/hwmon1/name": "nvme\n", "class/hwmon/hwmon1/temp1_input": "31000\n",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        let sensors = TemperatureSensor.all(systemFolder: root)
        #expect(sensors.map(\.name) == ["temperature.cpu-thermal", "temperature.nvme.temp1"])
        #expect(try await TemperatureSensor(systemFolder: root).read() == 48.5)
        #expect(throws: MLOpsError.self) { try TemperatureSensor(systemFolder: root.appendingPathComponent("none")) }
    }

    @Test("A recorder keeps the latest readings, and says which sensors fail")
    func recorder() async throws {
        let tick = Mutex(0.0)
        let clock = WallClock { Captures.noon + tick.withLock { $0 } }
        let counting = ClosureSensor("gyroscope", unit: "radians") { tick.withLock { $0 } }
        let broken = ClosureSensor("broken", unit: "ratio") { .nan }
        let recorder = try TelemetryRecorder([counting, broken], capacity: 3, clock: clock)
        for _ in 0..<5 {
            tick.withLock { $0 += 1 }
            #expect(await recorder.sample().map(\.check) == ["telemetry.broken"])
        }
        let series = await recorder.series()
        #expect(series[0].samples.map(\.value) == [3, 4, 5])
        #expect(series[0].samples.map(\.at) == [3, 4, 5].map { Captures.noon + $0 })
        #expect(series[1].samples.isEmpty)
        #expect(throws: MLOpsError.self) { try TelemetryRecorder([counting, counting]) }
    }

    @Test("An anomaly detector finds a spike, is calm in noise, and learns a new level")
    func anomaly() {
        var generator = SeededGenerator(seed: 9)
        var detector = AnomalyDetector()
        var alarms = 0
        for _ in 0..<2000 where detector.verdict(on: 20 + generator.normal()) == .fail { alarms += 1 }
        #expect(alarms <= 4, "\(alarms) alarms in 2000 readings without an anomaly")
        #expect(detector.verdict(on: 40) == .fail)
        #expect(detector.verdict(on: 20) == .pass)
        let verdicts = (0..<60).map { _ in detector.verdict(on: 50 + generator.normal()) }
        #expect(verdicts.prefix(10).allSatisfy { $0 == .fail } && verdicts.last == .pass)
    }

    @Test("The trend equals SciPy's linregress, and foresees when a limit is crossed")
    func forecast() throws {
        let oracle = try Oracle.load().trend
        let samples = oracle.values.enumerated().map { index, value in
            TelemetrySeries.Sample(value, at: Captures.noon + 60 * Double(index))
        }
        let series = TelemetrySeries(sensor: "temperature", unit: "celsius", samples: samples)
        let forecast = try #require(TrendForecast(series))
        #expect(abs(forecast.slope.value - oracle.slope) < 1e-12)
        // Student's 0.975 quantile for 38 degrees of freedom is 2.024394.
        #expect(abs(forecast.slope.upper - (oracle.slope + 2.024394 * oracle.slopeError)) < 1e-8)
        let expected = Captures.noon + (80 - oracle.intercept) / oracle.slope
        #expect(abs(try #require(forecast.crossing(of: 80)).timeIntervalSince(expected)) < 1e-3)
        #expect(forecast.crossing(of: 10, rising: false) == nil)
        let now = Captures.noon + 2340
        #expect(TrendForecast.finding(series, limit: 80, within: 86_400, at: now).verdict == .fail)
        #expect(TrendForecast.finding(series, limit: 80, within: 3600, at: now).verdict == .pass)
        let short = TelemetrySeries(sensor: "x", unit: "y", samples: Array(samples.prefix(7)))
        #expect(TrendForecast.finding(short, limit: 80, within: 3600, at: now).verdict == .insufficient)
    }
}
