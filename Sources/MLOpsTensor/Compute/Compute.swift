#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Runs the kernels: threads, vector instructions and scratch memory in one place.
///
/// Make one and share it. The work of every kernel is cut into parts that depend on the shapes alone, and sums are
/// taken in a fixed order, so that results have the same bits at any number of threads. Calls from several threads
/// are safe: one has the pool, the others run on their own thread. Outputs are allocated by the caller; a shape
/// that does not fit is the caller's bug and stops the program with both values.
public final class Compute: Sendable {
    /// The number of threads that share the work, with the caller's.
    public let threads: Int
    /// The vector instructions that kernels run with.
    public let instructionSet: InstructionSet
    let scratch = ScratchMemory()
    private let pool: ThreadPool

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: The number of threads; one for each processor that is online when nil.
    ///   - instructionSet: One of ``InstructionSet/available``.
    public init(threads: Int? = nil, instructionSet: InstructionSet = .detected) {
        let wanted = threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        precondition(
            InstructionSet.available.contains(instructionSet),
            "This processor has \(InstructionSet.available), not \(instructionSet)")
        pool = ThreadPool(threads: max(1, wanted))
        self.threads = pool.threads
        self.instructionSet = instructionSet
    }

    /// The bytes that kernels keep to work in, were there so many threads and not one.
    package func scratchBytes(threads: Int) -> Int { scratch.bytes(threads: threads) }

    /// Lends floats of any content, which are kept for the next who needs some.
    package func withScratch<Result>(
        _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        try scratch.with(.call, count, body)
    }

    /// Runs `body` once for each task from 0 up to `tasks`, in any order and on several threads at once.
    ///
    /// Cut the work by its size, never by ``threads``, and let no task read what another writes: then the result
    /// does not depend on the number of threads. A call from inside a task runs on that task's thread.
    /// Threads share a closure at the price of an allocation.
    public func parallel(tasks: Int, _ body: (Int) -> Void) {
        guard tasks > 1, threads > 1 else {
            for task in 0..<max(tasks, 0) { body(task) }
            return
        }
        withoutActuallyEscaping(body) { pool.run(tasks: tasks, ClosureTasks(body: $0)) }
    }

    /// The same without an allocation, for what runs at each step: what `body` needs comes to it in `context`, and it
    /// captures nothing.
    package func parallel<Context>(
        tasks: Int, with context: Context, _ body: @escaping (_ context: Context, _ task: Int) -> Void
    ) {
        pool.run(tasks: tasks, ContextTasks(context: context, body: body))
    }
}

private struct ClosureTasks: ParallelTasks {
    let body: (Int) -> Void

    func run(_ task: Int) { body(task) }
}

private struct ContextTasks<Context>: ParallelTasks {
    let context: Context
    let body: (Context, Int) -> Void

    func run(_ task: Int) { body(context, task) }
}
