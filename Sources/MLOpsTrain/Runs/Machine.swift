internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#endif

/// A computer, as far as it can matter for the bits of a result.
public struct Machine: Sendable, Hashable, Codable {
    /// The operating system with its version.
    public var operatingSystem: String
    /// The processor's name; empty when it is not known.
    public var processor: String
    /// The instruction set and its widest vector extension, such as `x86_64 avx2`.
    public var instructionSet: String
    /// The number of processors that may be used.
    public var processorCount: Int

    /// Describes a computer.
    public init(operatingSystem: String, processor: String, instructionSet: String, processorCount: Int) {
        self.operatingSystem = operatingSystem
        self.processor = processor
        self.instructionSet = instructionSet
        self.processorCount = processorCount
    }

    /// This computer.
    public static var current: Machine {
        let process = ProcessInfo.processInfo
        let (processor, extensions) = described()
        return Machine(
            operatingSystem: process.operatingSystemVersionString, processor: processor,
            instructionSet: extensions.isEmpty ? architecture : "\(architecture) \(extensions)",
            processorCount: process.activeProcessorCount)
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }

    private static func described() -> (processor: String, extensions: String) {
        #if canImport(Darwin)
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0, size < 4096 else {
                return ("", "")
            }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return ("", "") }
            return (String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self), "")
        #else
            // The files of /proc have no size, so they are read to their end.
            guard let handle = FileHandle(forReadingAtPath: "/proc/cpuinfo"),
                let bytes = try? handle.read(upToCount: 1 << 16)
            else { return ("", "") }
            var fields: [Substring: Substring] = [:]
            let text = String(decoding: bytes, as: UTF8.self)
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let name = Substring(parts[0].trimmingCharacters(in: .whitespaces))
                if fields[name] == nil { fields[name] = Substring(parts[1].trimmingCharacters(in: .whitespaces)) }
            }
            let flags = Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " "))
            let widest = ["avx512f", "avx2", "avx", "sse4_2", "sve2", "sve", "asimd"].first {
                flags.contains(Substring($0))
            }
            return (String(fields["model name"] ?? ""), widest ?? "")
        #endif
    }
}
