import ArgumentParser

struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Search hyperparameters, train the network, and package it as ONNX.")

    @OptionGroup var options: ParkOptions

    @Option(help: "How often training shows every picture.")
    var epochs: Int?

    @Option(help: "How many trials the hyperparameter search makes.")
    var trials: Int?

    func validate() throws {
        if let epochs, epochs < 1 { throw ValidationError("--epochs takes at least 1, not \(epochs)") }
        if let trials, trials < 1 { throw ValidationError("--trials takes at least 1, not \(trials)") }
    }

    func run() async throws {
        var park = try await options.open()
        try park.update {
            $0.epochs = epochs ?? $0.epochs
            $0.trials = trials ?? $0.trials
        }
        try options.show(try await park.train())
    }
}
