import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Catalog") struct DataCatalogTests {
    static let pets = CatalogEntry(
        name: "pets", title: "Cats and dogs of the park", description: "Photographs of a camera at the gate.",
        owner: "Marta López", license: "CC-BY-4.0", consent: ConsentBasis(.noPersonalData, evidence: "form 7"),
        tags: ["animals", "camera"], url: "https://example.org/pets", citation: "@misc{pets}")
    static let faces = CatalogEntry(
        name: "faces", title: "Visitors", description: "Faces at the \"gate\" AND nothing else",
        owner: "Ada", license: "unknown", consent: ConsentBasis(.consent), tags: ["people", "camera"])
    static let day = Date(timeIntervalSince1970: 1_790_000_000)

    @Test("Entries are found by words of any field, and by tags") func searches() async throws {
        try await withTemporaryFolder { folder in
            let catalog = try DataCatalog(at: folder.appending(path: "catalog.sqlite"))
            try await catalog.put(Self.faces, at: Self.day)
            try await catalog.put(Self.pets, at: Self.day)
            func names(_ text: String, _ tags: [String] = []) async throws -> [String] {
                try await catalog.search(text, tags: tags).map(\.name)
            }
            #expect(try await names("photo") == ["pets"])
            #expect(try await names("LOPEZ") == ["pets"])
            #expect(try await Set(names("gate")) == ["pets", "faces"])
            #expect(try await names("gate park") == ["pets"])
            #expect(try await names("consent") == ["faces"])
            #expect(try await names("", ["camera"]) == ["faces", "pets"])
            #expect(try await names("gate", ["people"]) == ["faces"])
            // What would be operators of the query language are words, or nothing.
            for text in [
                "gate AND", "\"", "gate OR \"", "NEAR(gate", "*", "-gate", "title:gate", "'; DROP TABLE entry",
            ] {
                _ = try await names(text)
            }
            var changed = Self.pets
            changed.description = "Drawings."
            try await catalog.put(changed, at: Self.day + 1)
            #expect(try await names("photographs") == [])
            #expect(try await names("drawings") == ["pets"])
            try await catalog.remove("faces")
            #expect(try await catalog.entries() == [changed])
            #expect(try await names("visitors") == [])
            await #expect(throws: MLOpsError.self) { try await catalog.entry("faces") }
            await #expect(throws: MLOpsError.self) { try await catalog.remove("faces") }
        }
    }

    @Test("Versions are numbered in the order they were linked, and lead back to their entries") func linksVersions()
        async throws
    {
        try await withTemporaryFolder { folder in
            let url = folder.appending(path: "catalog.sqlite")
            let catalog = try DataCatalog(at: url)
            try await catalog.put(Self.pets, at: Self.day)
            let (first, second) = (Digest(of: Data("1".utf8)), Digest(of: Data("2".utf8)))
            #expect(try await catalog.link(first, to: "pets", at: Self.day) == 1)
            #expect(try await catalog.link(second, to: "pets", note: "more dogs", at: Self.day + 2) == 2)
            #expect(try await catalog.link(first, to: "pets", at: Self.day + 3) == 1)
            let again = try DataCatalog(at: url)
            let versions = try await again.versions(of: "pets")
            #expect(versions.map(\.number) == [1, 2] && versions.map(\.digest) == [first, second])
            #expect(versions.map(\.at) == [Self.day, Self.day + 2] && versions.map(\.note) == ["", "more dogs"])
            #expect(try await again.entries(having: second) == [Self.pets])
            await #expect(throws: MLOpsError.self) { try await again.link(first, to: "nothing", at: Self.day) }
        }
    }

    @Test("An entry without a name, an owner or a license is refused") func refuses() async throws {
        try await withTemporaryFolder { folder in
            let catalog = try DataCatalog(at: folder.appending(path: "catalog.sqlite"))
            for change: (inout CatalogEntry) -> Void in [
                { $0.name = "a b" }, { $0.name = "" }, { $0.name = "../x" }, { $0.owner = "" }, { $0.license = "" },
            ] {
                var entry = Self.pets
                change(&entry)
                await #expect(throws: MLOpsError.self) { try await catalog.put(entry, at: Self.day) }
            }
        }
    }

    static func version() throws -> DatasetVersion {
        try DatasetVersion(entries: [
            DatasetEntry(
                id: "é/1.jpg", digest: Digest(of: Data("1".utf8)), label: "dog", attributes: ["camera": "\"north\""]),
            DatasetEntry(id: "2.jpg", digest: Digest(of: Data("2".utf8)), label: nil),
        ])
    }

    @Test(
        "A version is described in Croissant, with the digest of its records",
        arguments: CroissantExport.Specification.allCases)
    func exportsCroissant(specification: CroissantExport.Specification) async throws {
        try await withTemporaryFolder { folder in
            let export = CroissantExport(
                Self.pets, version: try Self.version(), number: 3, published: Self.day, specification: specification)
            try export.write(to: folder)
            let records = try Data(contentsOf: folder.appending(path: "records.jsonl"))
            #expect(records.split(separator: UInt8(ascii: "\n")).count == 2)
            let object = try JSONSerialization.jsonObject(
                with: Data(contentsOf: folder.appending(path: "croissant.json")))
            let metadata = try #require(object as? [String: Any])
            #expect(metadata["conformsTo"] as? String == specification.rawValue)
            #expect(metadata["license"] as? String == "https://spdx.org/licenses/CC-BY-4.0.html")
            #expect(metadata["version"] as? String == "3.0.0")
            let files = try #require(metadata["distribution"] as? [[String: Any]])
            #expect(files[0]["sha256"] as? String == Digest(of: records).hex)
            #expect(try export.metadata() == export.metadata())
        }
    }
}
