import Foundation
import MLOpsCore
import MLOpsData
import Testing

/// Not a test of its own: ingests a folder, for measuring and for killing. The version's digest goes to standard output.
///
///     MLOPS_INGEST=/folder/of/classes MLOPS_INGEST_STORE=/store \
///         swift test -c release --disable-testable-imports --filter ingestsFolder
@Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_INGEST"] != nil))
func ingestsFolder() async throws {
    let environment = ProcessInfo.processInfo.environment
    let store = try DatasetStore(at: URL(filePath: try #require(environment["MLOPS_INGEST_STORE"])))
    let source = ImageFolderSource(at: URL(filePath: try #require(environment["MLOPS_INGEST"])))
    let start = ContinuousClock.now
    let report = try await Ingestion("folder", minimumClasses: 1).run(from: source, into: store)
    let ingested = ContinuousClock.now
    let version = try store.version(report.version.digest)
    let opened = ContinuousClock.now
    try await store.verify(version)
    print(
        "version \(version.digest.hex) accepted \(report.accepted) rejected \(report.rejected) "
            + "from \(report.resumedFrom.offset) ingest \(ingested - start) open \(opened - ingested) "
            + "verify \(ContinuousClock.now - opened) \(version.rejected)")
}
