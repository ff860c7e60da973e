import ArgumentParser

struct Ingest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in the pictures: decode, check, store, and commit a dataset version.")

    @OptionGroup var options: ParkOptions
    @OptionGroup var pictures: PictureOptions

    func run() async throws {
        var park = try await options.open()
        park.use(pictures.applied(to: park.settings))
        try options.show(try await park.ingest())
    }
}
