public import Foundation
internal import MLOpsCore

#if canImport(Darwin)
    internal import Darwin
#endif

/// The share of the main memory that is in use and can't be given to another process at once.
///
/// 1 − `MemAvailable` / `MemTotal` from `/proc/meminfo` on Linux; the pages that are neither free nor inactive on macOS.
public struct MemorySensor: Sensor {
    /// `memory`.
    public let name = "memory"
    /// `ratio`: 0 empty, 1 full.
    public let unit = "ratio"
    private let file: URL

    /// Makes a sensor.
    ///
    /// - Parameter processFolder: where Linux mounts its process file system; not used on macOS.
    /// - Throws: ``MLOpsError`` with `unsupported` when the computer does not tell.
    public init(processFolder: URL = URL(fileURLWithPath: "/proc")) throws {
        file = processFolder.appendingPathComponent("meminfo")
        _ = try measure()
    }

    /// Measures now.
    public func read() async throws -> Double { try measure() }

    #if canImport(Darwin)
        private func measure() throws -> Double {
            var info = vm_statistics64()
            let words = MemoryLayout<vm_statistics64>.stride / MemoryLayout<integer_t>.stride
            var count = mach_msg_type_number_t(words)
            let result = withUnsafeMutablePointer(to: &info) { pointer in
                pointer.withMemoryRebound(to: integer_t.self, capacity: words) {
                    host_statistics64(mach_host_self(), HOST_VM_INFO64, $0, &count)
                }
            }
            guard result == KERN_SUCCESS else {
                throw MLOpsError(
                    .unavailable, "The host statistics can't be read (code \(result)).", help: "Try again later.")
            }
            let free = (Double(info.free_count) + Double(info.inactive_count)) * Double(getpagesize())
            return min(1, max(0, 1 - free / Double(ProcessInfo.processInfo.physicalMemory)))
        }
    #else
        private func measure() throws -> Double {
            let text = try SystemFile.text(file)
            var kilobytes: [Substring: Double] = [:]
            for line in text.split(separator: "\n") {
                let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
                if parts.count >= 2, let value = Double(parts[1]) { kilobytes[parts[0]] = value }
            }
            guard let total = kilobytes["MemTotal"], total > 0, let available = kilobytes["MemAvailable"] else {
                throw SystemFile.malformed(file, text)
            }
            return min(1, max(0, 1 - available / total))
        }
    #endif
}
