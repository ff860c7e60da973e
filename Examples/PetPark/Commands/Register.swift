import ArgumentParser

struct Register: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Register the candidate, and move the alias 'staging' to it if it passed its test.")

    @OptionGroup var options: ParkOptions

    @Option(help: "Who registers it.")
    var by = "training pipeline"

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.register(by: by))
    }
}
