import ArgumentParser
import MLOpsCore
import MLOpsONNX
import MLOpsTensor

struct Profile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the steps that a file is run in, with what was fused, memory, and the time of each.",
        discussion: "Times are means over the runs; to take them adds a little to each.")

    @OptionGroup var options: ModelOptions
    @OptionGroup var input: InputOptions

    @Option(help: "How many threads to use; all cores by default.")
    var threads: Int?

    @Option(help: "How many runs are timed, after one that is not.")
    var runs = 20

    func validate() throws {
        try RuntimeOptions.check(threads: threads)
        if !(1...1_000_000).contains(runs) { throw ValidationError("--runs takes 1 to 1000000, not \(runs)") }
    }

    func run() throws {
        let session = try ONNXSession(model: options.bytes(), compute: Compute(threads: threads))
        try options.show(session.profile(input.values(for: session.signature), times: runs))
    }
}
