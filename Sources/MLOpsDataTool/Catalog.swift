import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Catalog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say who answers for a dataset and on which terms it is used; find it; describe it in Croissant.",
        subcommands: [Put.self, Search.self, Link.self, Croissant.self])

    struct Options: ParsableArguments {
        @Option(help: "The catalog's file; put makes it when it is not there.") var catalog = "catalog.sqlite"

        /// Opens the catalog.
        ///
        /// - Parameter mayMake: whether a new one will do.
        func open(mayMake: Bool = false) throws -> DataCatalog {
            guard mayMake || FileManager.default.fileExists(atPath: catalog) else {
                throw MLOpsError(
                    .notFound, "There is no catalog \(catalog).", help: "Name it with --catalog, or put an entry in.")
            }
            return try DataCatalog(at: URL(filePath: catalog))
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an entry, or replace the one of its name.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @Argument(help: "The name.") var name: String
        @Option var title: String
        @Option var description = ""
        @Option(help: "Who answers for it.") var owner: String
        @Option(help: "An SPDX identifier or an address.") var license: String
        @Option(
            help: "The basis of the use of personal data, such as noPersonalData or consent.",
            transform: { name in
                if let kind = ConsentBasis.Kind(rawValue: name) { return kind }
                throw ValidationError(
                    "Say one of \(ConsentBasis.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
            })
        var consent: ConsentBasis.Kind
        @Option(help: "Where that is written down.") var evidence = ""
        @Option(help: "A word to find it by; may be given several times.") var tag: [String] = []

        func run() async throws {
            let entry = CatalogEntry(
                name: name, title: title, description: description, owner: owner, license: license,
                consent: ConsentBasis(consent, evidence: evidence), tags: tag)
            try await options.open(mayMake: true).put(entry, at: Date())
            try output.show(entry, "'\(name)' is in \(options.catalog)")
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the entries that have all words.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @Argument(help: "The words; without any, all entries.") var words: [String] = []
        @Option(help: "A tag that the entries must have; may be given several times.") var tag: [String] = []

        func run() async throws {
            let found = try await options.open().search(words.joined(separator: " "), tags: tag)
            let lines = found.map {
                "\($0.name)  \($0.title)  (\($0.owner), \($0.license), \($0.consent.kind.rawValue))"
            }
            try output.show(found, found.isEmpty ? "no entry" : lines.joined(separator: "\n"))
        }
    }

    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a version of a store to an entry.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @OptionGroup var store: StoreOptions
        @Argument(help: "The entry's name.") var name: String
        @Argument(help: "The version.") var version: String
        @Option(help: "What is new in it.") var note = ""

        func run() async throws {
            let digest = try store.open().digest(named: version)
            let number = try await options.open().link(digest, to: name, note: note, at: Date())
            try output.show(["number": number], "version \(number) of '\(name)' is \(digest)")
        }
    }

    struct Croissant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Describe an entry's latest version in Croissant: croissant.json and records.jsonl.")

        @OptionGroup var options: Options
        @OptionGroup var output: OutputOptions
        @OptionGroup var store: StoreOptions
        @Argument(help: "The entry's name.") var name: String
        @Argument(help: "The folder to write to.") var folder: String

        func run() async throws {
            let catalog = try options.open()
            guard let latest = try await catalog.versions(of: name).last else {
                throw MLOpsError(.notFound, "'\(name)' has no version.", help: "Link one: mlops-data catalog link")
            }
            try await CroissantExport(
                catalog.entry(name), version: store.open().version(latest.digest), number: latest.number,
                published: latest.at
            ).write(to: URL(filePath: folder))
            try output.show(["folder": folder], "version \(latest.number) of '\(name)' is described in \(folder)")
        }
    }
}
