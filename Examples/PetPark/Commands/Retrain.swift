import ArgumentParser

struct Retrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add a day's labeled frames to the data, train on from production, and package the result.")

    @OptionGroup var options: ParkOptions

    @Option(help: "The day whose frames are added.")
    var day = 2

    func run() async throws {
        var park = try await options.open()
        try options.show(try await park.retrain(day: day))
    }
}
