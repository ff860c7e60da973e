import ArgumentParser
import MLOps

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Take in the pictures and report on them: what they hold, what leaks, what looks wrong; one HTML page.")

    @OptionGroup var options: ParkOptions
    @OptionGroup var pictures: PictureOptions

    @Flag(help: "Refuse, with a status of 1, when anything leaks between train, validation and test.")
    var gate = false

    func run() async throws {
        var park = try await options.open()
        park.use(pictures.applied(to: park.settings))
        let (inspection, leaks) = try await park.inspect()
        try options.show(inspection)
        if gate, !leaks.isEmpty { throw ExitCode.failure }
    }
}
