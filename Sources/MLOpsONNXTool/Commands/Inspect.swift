import ArgumentParser
import MLOpsONNX

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in a file: inputs, outputs, operators, and whether it can be run here.")

    @OptionGroup var options: ModelOptions

    func run() throws { try options.show(try ONNXSummary(of: try options.bytes())) }
}
