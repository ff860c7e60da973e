import ArgumentParser

struct Trace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell where a prediction came from, down to the photographs; or what came of a photograph.",
        discussion: "Without an id, the last prediction is traced.")

    @OptionGroup var options: ParkOptions

    @Argument(help: "An inference id, or the SHA-256 of a photograph.")
    var id: String?

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.trace(id))
    }
}
