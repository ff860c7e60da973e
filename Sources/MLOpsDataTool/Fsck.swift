import ArgumentParser
import Foundation
import MLOpsData

struct Fsck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read and hash every stored byte, and name what is damaged; exits with 1 when something is.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Restore what is damaged, from --from and from second copies in the store's own packs.")
    var repair = false
    @Option(help: "The folder of another store that may have the bytes.") var from: [String] = []

    func run() async throws {
        let copies = try from.map { try StoreOptions.open($0) }
        let findings = try await options.open().fsck(repair: repair, from: copies, progress: options.progress)
        try output.show(findings)
        if !findings.isClean {
            if !output.json {
                print(
                    "Restore bytes from another store: mlops-data fsck --repair --from FOLDER. For what no store "
                        + "has, run fsck --repair, ingest the source again, and run fsck once more; remove the versions "
                        + "that still lack bytes then.")
            }
            throw ExitCode.failure
        }
    }
}
