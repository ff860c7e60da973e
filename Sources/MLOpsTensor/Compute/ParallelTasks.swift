/// The tasks of a job, which threads find by its address: it stays on the stack of the caller, who waits for them.
protocol ParallelTasks {
    /// Does one task; several threads do so at once.
    func run(_ task: Int)
}

extension ParallelTasks {
    /// Does one task of the job of this type that lies at an address.
    static func run(_ task: Int, at address: UnsafeRawPointer) {
        address.assumingMemoryBound(to: Self.self).pointee.run(task)
    }
}
