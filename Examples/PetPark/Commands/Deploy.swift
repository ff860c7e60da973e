import ArgumentParser

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the staging version in a test environment, as in production, and test it there.")

    @OptionGroup var options: ParkOptions

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.deployToTest())
    }
}
