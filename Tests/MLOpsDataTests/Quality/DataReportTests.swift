import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Reporting on data") struct DataReportTests {
    @Test("A report names leaks and suspects, shows them, and needs nothing from outside") func reports() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let version = try await NearDuplicatesTests.resaved(in: store)
            let split = try Split(seed: 1, train: 0.5, group: .id)(version)
            let report = try await DataReport(of: version, in: store, split: split)
            #expect(report.verdict == .fail && !report.leaks.isEmpty)
            #expect(report.issues.map(\.kind) == [.nearDuplicate])
            #expect(report.profile.rowCount == 40)
            let html = report.page.html
            for text in [
                "Leaks between the parts", "Suspects: near duplicate", "Sharpness", "40", "data:image/jpeg;base64,",
            ] {
                #expect(html.contains(text), "\(text)")
            }
            #expect(
                !html.contains("http://")
                    || html.components(separatedBy: "http://").count
                        == html.components(separatedBy: "http://www.w3.org/2000/svg").count
            )
            #expect(!html.contains("https://") && !html.contains("<script"))
        }
    }

    @Test("Names from data are escaped, and a version without labels or split has a report too") func escapes()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let digest = try await store.store(Fixture.painted(width: 40, height: 30).jpeg())
            let entries = ["<b>one</b>", "two"].map {
                DatasetEntry(id: $0, digest: digest, label: nil, attributes: ["<i>": "&"])
            }
            let report = try await DataReport(of: DatasetVersion(entries: entries), in: store)
            #expect(report.verdict == .insufficient)
            let html = report.page.html
            #expect(html.contains("&lt;b&gt;one&lt;/b&gt;") && !html.contains("<b>") && !html.contains("<i>"))
        }
    }
}
