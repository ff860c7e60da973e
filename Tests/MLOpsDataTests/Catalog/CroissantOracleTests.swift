import Foundation
import MLOpsCore
import MLOpsData
import Testing

/// Not a test of its own: writes a version in Croissant, for `mlcroissant` to validate and to load.
@Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_CROISSANT_OUT"] != nil))
func dumpsCroissant() throws {
    let target = URL(
        filePath: try #require(ProcessInfo.processInfo.environment["MLOPS_CROISSANT_OUT"]), directoryHint: .isDirectory)
    for specification in CroissantExport.Specification.allCases {
        let export = CroissantExport(
            DataCatalogTests.pets, version: try DataCatalogTests.version(), number: 3, published: DataCatalogTests.day,
            specification: specification)
        try export.write(to: target.appending(path: "\(specification)"))
    }
}
