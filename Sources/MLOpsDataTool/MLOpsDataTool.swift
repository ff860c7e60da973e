import ArgumentParser

/// `mlops-data`: dataset versions from the command line.
@main
struct MLOpsDataTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlops-data",
        abstract: "Takes data in, and keeps, compares, checks and erases versions of it.",
        discussion: """
            A version is named by a tag, by its SHA-256, or by at least 6 of its first hexadecimal digits. Results go to \
            standard output, as JSON with --json; progress and errors go to standard error.
            """,
        subcommands: [
            Ingest.self, List.self, Show.self, Diff.self, Tag.self, Remove.self, Fsck.self, GC.self, Erase.self,
            Land.self, Annotations.self, Catalog.self, Features.self,
        ])
}
