import ArgumentParser

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the production version and let it classify a day of the camera's stream.")

    @OptionGroup var options: ParkOptions

    @Option(help: "How many frames the camera sends.")
    var frames = 400

    @Option(help: "The day, from 1; labels of a day come in at its end.")
    var day = 1

    @Option(help: "A fault of the camera: \(CameraFault.allCases.map(\.rawValue).joined(separator: ", ")).")
    var fault: CameraFault?

    func run() async throws {
        var park = try await options.open()
        try options.show(try await park.watch(day: day, frames: frames, fault: fault))
    }
}

extension CameraFault: ExpressibleByArgument {}
