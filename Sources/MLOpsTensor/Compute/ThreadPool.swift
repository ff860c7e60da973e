internal import CTensorDispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that share the tasks of one job at a time.
///
/// The worker threads own the state through ``Crew``; the pool ends and joins them when it is deinitialized.
final class ThreadPool: Sendable {
    private let crew: Crew
    private let workers: [Worker]

    /// The number of threads, with the caller's.
    var threads: Int { workers.count + 1 }

    init(threads: Int) {
        let crew = Crew(places: max(threads, 1))
        self.crew = crew
        workers = (1..<max(threads, 1)).compactMap { Worker(crew, place: $0) }
    }

    deinit {
        crew.stop()
        for worker in workers { worker.join() }
    }

    /// Runs each task, on all threads when they are free and on the calling thread when they are not.
    func run<Job: ParallelTasks>(tasks: Int, _ job: Job) {
        guard tasks > 1, !workers.isEmpty, crew.claim() else {
            for task in 0..<max(tasks, 0) { job.run(task) }
            return
        }
        withUnsafePointer(to: job) { crew.run(tasks: tasks, Job.self, at: UnsafeRawPointer($0)) }
        crew.release()
    }
}

/// What the threads of a pool share.
///
/// A worker joins a job while it is open, and the caller waits for those that joined alone: on a busy machine, a thread
/// that wakes up too late keeps nobody waiting.
///
/// Each thread has a place, and begins with its own share of the tasks, which lie side by side: what it wrote in one job
/// it finds in its cache in the next. When it is done it takes from the ends of the other shares.
///
/// Unchecked Sendable: `shared` is written only by the caller that holds `claimed`, while the job is closed
/// and nobody has joined; workers read it only between joining (which acquires the opening) and leaving (which the
/// closing caller acquires). Shares are atomic. The mutex and the condition are made for use by several threads.
private final class Crew: @unchecked Sendable {
    private static let spins = 4000

    private static let open = 1 << 32

    private let claimed = Atomic<Bool>(false)
    private let epoch = Atomic<Int>(0)
    /// How many workers have joined, plus `open` while more may.
    private let job = Atomic<Int>(0)
    private let sleeping = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let places: Int
    private let shares: UnsafeMutablePointer<Share>
    private var shared: (type: any ParallelTasks.Type, address: UnsafeRawPointer)?

    init(places: Int) {
        self.places = places
        shares = .allocate(capacity: places)
        for place in 0..<places { (shares + place).initialize(to: Share()) }
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakeUp, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wakeUp)
        mutex.deallocate()
        wakeUp.deallocate()
        shares.deinitialize(count: places)
        shares.deallocate()
    }

    /// Takes the threads for a job, unless another job has them.
    func claim() -> Bool {
        claimed.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    func release() { claimed.store(false, ordering: .releasing) }

    func run(tasks: Int, _ type: any ParallelTasks.Type, at address: UnsafeRawPointer) {
        shared = (type, address)
        for place in 0..<places { shares[place].set(tasks * place / places..<tasks * (place + 1) / places) }
        job.store(Crew.open, ordering: .releasing)
        announce()
        takeTasks(at: 0)
        job.subtract(Crew.open, ordering: .acquiringAndReleasing)
        var waited = 0
        while job.load(ordering: .acquiring) > 0 {
            mlops_pause()
            waited &+= 1
            if waited > Crew.spins { sched_yield() }
        }
        shared = nil
    }

    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        announce()
    }

    /// What the worker thread of a place does until the pool ends.
    func work(at place: Int) {
        var seen = 0
        while true {
            seen = waitForEpoch(after: seen)
            if stopping.load(ordering: .acquiring) { return }
            if join() {
                takeTasks(at: place)
                job.subtract(1, ordering: .releasing)
            }
        }
    }

    /// Takes part in the job, unless it is closed.
    private func join() -> Bool {
        var state = job.load(ordering: .relaxed)
        while state >= Crew.open {
            let (exchanged, original) = job.weakCompareExchange(
                expected: state, desired: state + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            state = original
        }
        return false
    }

    private func takeTasks(at place: Int) {
        guard let shared else { return }
        while let task = shares[place].takeFirst() { shared.type.run(task, at: shared.address) }
        for distance in 1..<max(places, 1) {
            let other = (place + distance) % places
            while let task = shares[other].takeLast() { shared.type.run(task, at: shared.address) }
        }
    }

    /// Starts an epoch; wakes the threads only when some sleep.
    private func announce() {
        epoch.add(1, ordering: .sequentiallyConsistent)
        guard sleeping.load(ordering: .sequentiallyConsistent) > 0 else { return }
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(mutex)
    }

    /// Spins briefly, for jobs follow each other closely; then sleeps, so that an idle process burns nothing.
    private func waitForEpoch(after seen: Int) -> Int {
        for _ in 0..<Crew.spins {
            let now = epoch.load(ordering: .acquiring)
            if now != seen { return now }
            mlops_pause()
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        sleeping.add(1, ordering: .sequentiallyConsistent)
        defer { sleeping.subtract(1, ordering: .sequentiallyConsistent) }
        while true {
            let now = epoch.load(ordering: .sequentiallyConsistent)
            if now != seen { return now }
            pthread_cond_wait(wakeUp, mutex)
        }
    }
}

/// One thread of a pool.
///
/// Unchecked Sendable: the handle is written once, at creation, and read once, by `join`.
private final class Worker: @unchecked Sendable {
    private let handle: pthread_t

    /// Starts the thread; nil when the system refuses one.
    init?(_ crew: Crew, place: Int) {
        let owned = Unmanaged.passRetained(Post(crew: crew, place: place))
        #if canImport(Glibc)
            var created = pthread_t()
            let status = pthread_create(&created, nil, runWorker, owned.toOpaque())
            let thread: pthread_t? = created
        #else
            var thread: pthread_t?
            let status = pthread_create(&thread, nil, runWorker, owned.toOpaque())
        #endif
        guard status == 0, let thread else {
            owned.release()
            return nil
        }
        handle = thread
    }

    func join() { pthread_join(handle, nil) }
}

/// What a new thread is told.
private final class Post: Sendable {
    let crew: Crew
    let place: Int

    init(crew: Crew, place: Int) { (self.crew, self.place) = (crew, place) }
}

private func work(at context: UnsafeMutableRawPointer) {
    let post = Unmanaged<Post>.fromOpaque(context).takeRetainedValue()
    post.crew.work(at: post.place)
}

#if canImport(Darwin)
    private func runWorker(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        work(at: context)
        return nil
    }
#else
    private func runWorker(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        work(at: context)
        return nil
    }
#endif
