public import Foundation
internal import MLOpsCore

/// A temperature that Linux knows: a thermal zone or a sensor of `hwmon`, in degrees Celsius.
///
/// macOS gives no public way to its temperatures; there, and on computers without such a sensor, making one throws.
public struct TemperatureSensor: Sensor {
    /// `temperature.` and what the system calls the sensor.
    public let name: String
    /// `celsius`.
    public var unit: String { "celsius" }
    private let file: URL

    /// All temperatures of this computer, by path; empty when it has none.
    ///
    /// - Parameter systemFolder: where Linux mounts its system file system.
    public static func all(systemFolder: URL = URL(fileURLWithPath: "/sys")) -> [TemperatureSensor] {
        zones(systemFolder) + monitors(systemFolder)
    }

    /// The first temperature of this computer: a thermal zone if there is one.
    ///
    /// - Throws: ``MLOpsError`` with `unsupported` when the computer tells no temperature.
    public init(systemFolder: URL = URL(fileURLWithPath: "/sys")) throws {
        guard let first = Self.all(systemFolder: systemFolder).first else {
            throw MLOpsError(
                .unsupported, "This computer tells no temperature under \(systemFolder.path).",
                help: "Leave this sensor out here, or give a ClosureSensor that knows the device.")
        }
        self = first
    }

    private init(name: String, file: URL) {
        self.name = "temperature." + name
        self.file = file
    }

    /// Measures now.
    public func read() async throws -> Double {
        let text = try SystemFile.text(file).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let thousandths = Double(text), thousandths.isFinite else { throw SystemFile.malformed(file, text) }
        return thousandths / 1000
    }

    private static func zones(_ root: URL) -> [TemperatureSensor] {
        entries(root.appendingPathComponent("class/thermal"), "thermal_zone").compactMap { zone in
            let file = zone.appendingPathComponent("temp")
            guard (try? SystemFile.text(file)) != nil else { return nil }
            return TemperatureSensor(name: label(zone.appendingPathComponent("type"), zone.lastPathComponent), file: file)
        }
    }

    private static func monitors(_ root: URL) -> [TemperatureSensor] {
        entries(root.appendingPathComponent("class/hwmon"), "hwmon").flatMap { chip in
            let chipName = label(chip.appendingPathComponent("name"), chip.lastPathComponent)
            return entries(chip, "temp").filter { $0.lastPathComponent.hasSuffix("_input") }
                .filter { (try? SystemFile.text($0)) != nil }
                .map { file in
                    let stem = file.lastPathComponent.dropLast("_input".count)
                    return TemperatureSensor(name: "\(chipName).\(stem)", file: file)
                }
        }
    }

    private static func entries(_ folder: URL, _ prefix: String) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted().map { folder.appendingPathComponent($0) }
    }

    private static func label(_ file: URL, _ fallback: String) -> String {
        let text = (try? SystemFile.text(file))?.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.flatMap { $0.isEmpty ? nil : $0 } ?? fallback
    }
}
