import ArgumentParser
import MLOpsData

struct GC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Delete exactly the bytes that no version and no ingestion under way needs.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Report only.") var dryRun = false

    func run() async throws { try output.show(await options.open().collectGarbage(dryRun: dryRun)) }
}
