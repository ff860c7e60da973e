import ArgumentParser
import MLOpsData

struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a version without tags out of the store; gc then deletes the bytes that no other has.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The version.") var version: String

    func run() async throws {
        let store = try options.open()
        let digest = try store.digest(named: version)
        try store.remove(digest)
        try output.show(["removed": digest], "removed \(digest)")
    }
}
