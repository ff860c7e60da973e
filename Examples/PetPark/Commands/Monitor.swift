import ArgumentParser

struct Monitor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge a day: accuracy by late labels, drift, bias, fairness, integrity; alert, and decide.")

    @OptionGroup var options: ParkOptions

    @Option(help: "The day, from 1.")
    var day = 1

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.monitor(day: day))
    }
}
