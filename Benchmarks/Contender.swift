import Foundation
import MLOpsCNN
import MLOpsTensor

/// This package's side of the benchmarks: does the work that it is told on standard input, one command a line, and
/// answers each with a line: the seconds that it took, and the loss where there is one.
///
///     train 10        ten steps of training on the subject's batch
///     infer 1 100     a hundred predictions of a batch of one
///     product 512 20  twenty products of 512 × 512 matrices
///     product8 512 20 the same of 8-bit integers
///     feed 0 2        two epochs on photographs that are read again each time; 1 for photographs that stay in memory
///     peak            the most memory that was resident, in bytes
///
/// Its arguments are the number of threads, the name of a ``Subject``, that of an instruction set, and the folder of the
/// photographs. `compare.py`
/// starts it beside its peers, turn by turn.
@main
enum Contender {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.last == "--sets" {
            return print(InstructionSet.available.map(\.name).joined(separator: "\n"))
        }
        let threads = arguments.count > 1 ? Int(arguments[1]) : nil
        let subject = arguments.count > 2 ? arguments[2] : "petNet"
        guard let subject = Subject.all[subject] else {
            print("There is no network '\(subject)', but \(Subject.all.keys.sorted()).")
            exit(64)
        }
        let name = arguments.count > 3 ? arguments[3] : InstructionSet.detected.name
        guard let set = InstructionSet.available.first(where: { $0.name == name }) else {
            print("This processor has \(InstructionSet.available), not \(name).")
            exit(64)
        }
        let compute = Compute(threads: threads, instructionSet: set)
        var training: TrainingWork?
        var inference: InferenceWork?
        var products: [Int: ProductWork] = [:]
        var integerProducts: [Int: IntegerProductWork] = [:]
        while let line = readLine() {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch (words.first ?? "", numbers.count) {
            case ("train", 1):
                let work = try training ?? TrainingWork(subject)
                training = work
                let seconds = measure { for _ in 0..<numbers[0] { work.step(compute) } }
                answer("\(seconds) \(work.loss)")
            case ("infer", 2):
                let work = try inference ?? InferenceWork(subject)
                inference = work
                answer("\(measure { for _ in 0..<numbers[1] { work.run(batchSize: numbers[0], compute) } })")
            case ("product", 2):
                let work = products[numbers[0]] ?? ProductWork(size: numbers[0])
                products[numbers[0]] = work
                answer("\(measure { for _ in 0..<numbers[1] { work.run(compute) } })")
            case ("product8", 2):
                let work = integerProducts[numbers[0]] ?? IntegerProductWork(size: numbers[0])
                integerProducts[numbers[0]] = work
                answer("\(measure { for _ in 0..<numbers[1] { work.run(compute) } })")
            case ("feed", 2) where arguments.count > 4:
                let work = try FeedingWork(subject, folder: arguments[4], threads: threads)
                answer("\(try await work.run(epochs: numbers[1], keeping: numbers[0] > 0))")
            case ("peak", 0): answer("\(peakMemory())")
            default: answer("unknown command: \(line)")
            }
        }
    }

    private static func answer(_ line: String) {
        print(line)
        fflush(nil)
    }

    private static func measure(_ body: () -> Void) -> Double {
        let start = ContinuousClock.now
        body()
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
