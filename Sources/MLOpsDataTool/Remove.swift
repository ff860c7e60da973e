import ArgumentParser
import MLOpsData

struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a version without tags out of the store; gc then deletes the bytes that no other has.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The version.") var version: String

    func run() async throws {
        let store = try options.open()
        try store.remove(store.digest(named: version))
    }
}
