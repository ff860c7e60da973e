import ArgumentParser

struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move the alias 'production' to the staging version; the gate asks for tests and an approval.")

    @OptionGroup var options: ParkOptions

    @Option(help: "Who releases it.")
    var by = "park operations"

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.release(by: by))
    }
}
