import ArgumentParser

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the production version and let it classify a day of the camera's stream.")

    @OptionGroup var options: ParkOptions

    @Option(help: "How many frames the camera sends.")
    var frames = 400

    @Option(help: "The day, from 1; labels of a day come in at its end.")
    var day = 1

    @Option(
        help: """
            A fault of the camera, such as smearedLens:2, with a severity from 1 to 10 (hangingCamera and \
            swappedColors have none): \
            \(CameraFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var fault: CameraFault?

    func validate() throws {
        if frames < 1 || day < 1 { throw ValidationError("--frames and --day take at least 1") }
    }

    func run() async throws {
        var park = try await options.open()
        try options.show(try await park.watch(day: day, frames: frames, fault: fault))
    }
}

extension CameraFault: ExpressibleByArgument {
    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(parts[0])), parts.count <= 2 else { return nil }
        let severity = parts.count == 2 ? Int(parts[1]) : kind.severities.upperBound
        guard let severity, kind.severities.contains(severity) else { return nil }
        self.init(kind: kind, severity: severity)
    }
}
