import ArgumentParser
import MLOpsONNX

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in a file: inputs, outputs, operators, and whether it can be run here.",
        discussion: "Exits with 0 for a model that can't be run here, too: then 'problem' says why, in JSON as well.")

    @OptionGroup var options: ModelOptions

    func run() throws { try options.show(try ONNXSummary(of: try options.bytes())) }
}
