public import Foundation
internal import MLOpsCore

#if canImport(Darwin)
    internal import Darwin
#endif

/// The share of the processors' time that was busy since the last reading; since the start, at the first.
///
/// From `/proc/stat` on Linux, from the host statistics on macOS.
public actor CPULoadSensor: Sensor {
    /// `cpu`.
    public nonisolated let name = "cpu"
    /// `ratio`: 0 idle, 1 all processors busy.
    public nonisolated let unit = "ratio"
    private let file: URL
    private var last: (busy: UInt64, total: UInt64) = (0, 0)

    /// Makes a sensor.
    ///
    /// - Parameter processFolder: where Linux mounts its process file system; not used on macOS.
    /// - Throws: ``MLOpsError`` with `unsupported` when the computer does not tell.
    public init(processFolder: URL = URL(fileURLWithPath: "/proc")) throws {
        file = processFolder.appendingPathComponent("stat")
        _ = try Self.ticks(file)
    }

    /// Measures now; two readings within one tick of the counters give 0.
    public func read() throws -> Double {
        let now = try Self.ticks(file)
        // Counters of a sleeping processor may step back.
        let total = now.total >= last.total ? now.total - last.total : 0
        let busy = now.busy >= last.busy ? now.busy - last.busy : 0
        last = now
        return total == 0 ? 0 : min(1, Double(busy) / Double(total))
    }

    #if canImport(Darwin)
        private static func ticks(_ file: URL) throws -> (busy: UInt64, total: UInt64) {
            var info = host_cpu_load_info()
            let words = MemoryLayout<host_cpu_load_info>.stride / MemoryLayout<integer_t>.stride
            var count = mach_msg_type_number_t(words)
            let result = withUnsafeMutablePointer(to: &info) { pointer in
                pointer.withMemoryRebound(to: integer_t.self, capacity: words) {
                    host_statistics(mach_host_self(), HOST_CPU_LOAD_INFO, $0, &count)
                }
            }
            guard result == KERN_SUCCESS else {
                throw MLOpsError(
                    .unavailable, "The host statistics can't be read (code \(result)).", help: "Try again later.")
            }
            let (user, system, idle, nice) = info.cpu_ticks
            let busy = UInt64(user) + UInt64(system) + UInt64(nice)
            return (busy, busy + UInt64(idle))
        }
    #else
        private static func ticks(_ file: URL) throws -> (busy: UInt64, total: UInt64) {
            let text = try SystemFile.text(file)
            // cpu user nice system idle iowait irq softirq steal …; guest time is part of user time.
            let first = text.prefix { $0 != "\n" }
            let fields = first.split(separator: " ")
            let numbers = fields.dropFirst().prefix(8).compactMap { UInt64($0) }
            guard fields.first == "cpu", numbers.count >= 4 else { throw SystemFile.malformed(file, String(first)) }
            let total = numbers.reduce(0, &+)
            let idle = numbers[3] &+ (numbers.count > 4 ? numbers[4] : 0)
            return (total &- idle, total)
        }
    #endif
}
