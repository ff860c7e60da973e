public import Foundation
internal import MLOpsCore

/// The share of a file system that is in use.
public struct DiskSensor: Sensor {
    /// `disk`.
    public let name = "disk"
    /// `ratio`: 0 empty, 1 full.
    public let unit = "ratio"
    private let folder: URL

    /// Makes a sensor of the file system that holds a folder.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when there is no such folder.
    public init(folder: URL) throws {
        self.folder = folder
        _ = try measure()
    }

    /// Measures now.
    public func read() async throws -> Double { try measure() }

    private func measure() throws -> Double {
        guard
            let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path),
            let size = (attributes[.systemSize] as? NSNumber)?.doubleValue, size > 0,
            let free = (attributes[.systemFreeSize] as? NSNumber)?.doubleValue
        else {
            throw MLOpsError(
                .notFound, "The file system of \(folder.path) can't be asked for its size.",
                help: "Give a folder that exists, on a file system of a known size.")
        }
        return min(1, max(0, 1 - free / size))
    }
}
