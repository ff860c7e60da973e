public import Foundation
internal import MLOpsCore

/// A dataset version described in Croissant: JSON-LD that dataset searches and loaders understand.
///
/// Beside `croissant.json` goes `records.jsonl`, a line for each record with its id, the SHA-256 of its bytes, its
/// label and its attributes; the description tells its digest, so that a reader can check it.
/// Source: MLCommons, "Croissant Format Specification", 1.0 (2024) and 1.1 (2025).
public struct CroissantExport: Sendable {
    /// The version of the specification.
    public enum Specification: String, Sendable, Hashable, CaseIterable {
        /// Croissant 1.0.
        case v1_0 = "http://mlcommons.org/croissant/1.0"
        /// Croissant 1.1.
        case v1_1 = "http://mlcommons.org/croissant/1.1"
    }

    /// What the catalog says.
    public var entry: CatalogEntry
    /// The version.
    public var version: DatasetVersion
    /// Its number in the catalog, written as `N.0.0`.
    public var number: Int
    /// Since when it can be had.
    public var published: Date
    /// The version of the specification to write.
    public var specification: Specification

    /// Describes a version.
    public init(
        _ entry: CatalogEntry, version: DatasetVersion, number: Int, published: Date,
        specification: Specification = .v1_1
    ) {
        self.entry = entry
        self.version = version
        self.number = number
        self.published = published
        self.specification = specification
    }

    /// Writes `croissant.json` and `records.jsonl` into a folder, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage`.
    public func write(to folder: URL) throws {
        try DurableFile.makeFolder(folder)
        // The description names the digest of the records, so it comes last.
        try DurableFile.write(records(), to: folder.appending(path: "records.jsonl"))
        try DurableFile.write(metadata(), to: folder.appending(path: "croissant.json"))
    }

    /// The names of the attributes in use, in the order of their bytes.
    private var attributes: [String] {
        version.entries.reduce(into: Set<String>()) { $0.formUnion($1.attributes.keys) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The bytes of `records.jsonl`.
    public func records() throws -> Data {
        var lines = Data()
        for record in version.entries {
            var columns = ["id": record.id, "sha256": record.digest.hex, "label": record.label]
            for (name, value) in record.attributes { columns["attribute." + name] = value }
            lines += try CanonicalJSON.encode(columns)
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// The bytes of `croissant.json`.
    public func metadata() throws -> Data {
        let records = try records()
        func field(_ name: String, _ description: String) -> [String: Any] {
            [
                "@type": "cr:Field", "@id": "records/\(name)", "name": name, "description": description,
                "dataType": "sc:Text",
                "source": ["fileObject": ["@id": "records.jsonl"], "extract": ["column": name]],
            ]
        }
        let fields =
            [
                field("id", "The name of the record, unique in this version."),
                field("sha256", "The SHA-256 of the record's bytes, in hexadecimal."),
                field("label", "The class of the record; null when it is not labeled."),
            ] + attributes.map { field("attribute.\($0)", "The record's '\($0)'; null when it has none.") }
        let basis = entry.consent.kind.rawValue + (entry.consent.evidence.isEmpty ? "" : ": " + entry.consent.evidence)
        var metadata: [String: Any] = [
            "@context": context, "@type": "sc:Dataset", "conformsTo": specification.rawValue,
            "name": entry.name, "alternateName": entry.title, "description": entry.description,
            "license": Self.address(ofLicense: entry.license),
            "creator": ["@type": "sc:Organization", "name": entry.owner],
            "keywords": entry.tags, "version": "\(number).0.0", "sameAs": "urn:sha256:\(version.digest.hex)",
            "datePublished": published.formatted(.iso8601.year().month().day()),
            "rai:personalSensitiveInformation": ["Consent basis: \(basis)"],
            "distribution": [
                [
                    "@type": "cr:FileObject", "@id": "records.jsonl", "name": "records.jsonl",
                    "description": "The records of the version, one a line.", "contentUrl": "records.jsonl",
                    "encodingFormat": "application/jsonlines", "sha256": Digest(of: records).hex,
                    "contentSize": "\(records.count) B",
                ]
            ],
            "recordSet": [
                [
                    "@type": "cr:RecordSet", "@id": "records", "name": "records",
                    "description": "What is in the version.", "key": ["@id": "records/id"], "field": fields,
                ] as [String: Any]
            ],
        ]
        metadata["url"] = entry.url
        metadata["citeAs"] = entry.citation
        return try JSONSerialization.data(
            withJSONObject: metadata, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    }

    /// An SPDX identifier becomes the address of its license, as Croissant asks; what is no identifier stays.
    private static func address(ofLicense license: String) -> String {
        let isIdentifier = license.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
        return isIdentifier && license.contains("-") ? "https://spdx.org/licenses/\(license).html" : license
    }
}
