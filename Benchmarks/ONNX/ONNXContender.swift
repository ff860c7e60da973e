import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor

/// This package's side of the benchmarks of ONNX models: does the work that it is told on standard input, one command a
/// line, and answers each with a line that begins with seconds.
///
///     load        opens the model anew
///     start       opens the model anew, and runs it once on the stored inputs
///     infer 100   a hundred runs on the stored inputs
///     check       the greatest difference from the stored outputs, beside their size
///     profile 10  the plan with the time of each step, averaged over ten runs, on standard error
///     peak        the most memory that was resident, in bytes
///
/// Its arguments are the number of threads and the folder of a model, as `onnx_bench_models.py` writes it.
@main
enum ONNXContender {
    static func main() throws {
        guard CommandLine.arguments.count > 2, let threads = Int(CommandLine.arguments[1]) else {
            print("Give the number of threads and the folder of a model.")
            exit(64)
        }
        let model = try StoredModel(at: URL(filePath: CommandLine.arguments[2]))
        let compute = Compute(threads: threads)
        var session: ONNXSession?
        func opened() throws -> ONNXSession {
            if let session { return session }
            let made = try ONNXSession(contentsOf: model.file, compute: compute)
            session = made
            return made
        }
        while let line = readLine() {
            let words = line.split(separator: " ")
            let times = words.count > 1 ? Int(words[1]) ?? 1 : 1
            switch words.first ?? "" {
            case "load":
                session = nil
                answer("\(try measure { _ = try opened() })")
            case "start":
                session = nil
                let inputs = try model.inputs()
                answer("\(try measure { _ = try opened().run(inputs) })")
            case "infer":
                let session = try opened()
                let inputs = try model.inputs()
                answer("\(try measure { for _ in 0..<times { _ = try session.run(inputs) } })")
            case "check":
                let session = try opened()
                var difference: Float = 0
                let seconds = try measure {
                    difference = try model.difference(session.run(try model.inputs()))
                }
                answer("\(seconds) \(difference)")
            case "profile":
                let session = try opened()
                let plan = try session.profile(model.inputs(), times: times)
                FileHandle.standardError.write(Data((plan.description + "\n").utf8))
                answer("\(plan.seconds ?? 0)")
            case "peak": answer("\(peakMemory())")
            default: answer("unknown command: \(line)")
            }
        }
    }

    private static func answer(_ line: String) {
        print(line)
        fflush(nil)
    }

    private static func measure(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private static func peakMemory() -> Int {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}
