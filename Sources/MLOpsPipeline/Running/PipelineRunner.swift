internal import Foundation
public import MLOpsCore

/// Runs pipelines: steps whose output is known are skipped, so a run that was killed goes on where it was.
public struct PipelineRunner: Sendable {
    /// The outputs that are known.
    public let cache: StepCache

    let clock: WallClock
    let timer: any Clock<Duration>
    let build: String?
    let lineage: (any LineageRecorder)?
    let progress: any ProgressSink
    let observe: @Sendable (PipelineEvent) async -> Void

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - cache: the outputs that are known.
    ///   - build: names the code, such as a commit; another name runs all steps again. `nil` leaves it to
    ///     their versions.
    ///   - clock: says when something happened.
    ///   - timer: waits between tries, and measures steps.
    ///   - lineage: is told which output came from which input; `nil` for nobody.
    ///   - progress: shows how far the steps have come.
    ///   - observe: gets each event, in order for one step.
    public init(
        cache: StepCache, build: String? = nil, clock: WallClock = .system,
        timer: any Clock<Duration> = ContinuousClock(), lineage: (any LineageRecorder)? = nil,
        progress: any ProgressSink = SilentProgress(),
        observe: @escaping @Sendable (PipelineEvent) async -> Void = { _ in }
    ) {
        self.cache = cache
        self.build = build
        self.clock = clock
        self.timer = timer
        self.lineage = lineage
        self.progress = progress
        self.observe = observe
    }

    /// Runs a pipeline, and returns its output.
    ///
    /// - Throws: what a step throws when its tries are used up; the steps before it stay known.
    public func run<Input, Output>(_ pipeline: Pipeline<Input, Output>, on input: Input) async throws -> Output {
        try await pipeline.body(input, PipelineRun(runner: self))
    }

    /// Whether a step's output for an input is known, and why or why not, without running it.
    public func why<Input, Output>(_ step: Step<Input, Output>, _ input: Input) async throws -> CacheDecision {
        try await cache.why(key(of: step, digest: Digest(of: canonical(input, of: step))))
    }

    func key<Input, Output>(of step: Step<Input, Output>, digest: Digest) -> StepKey {
        StepKey(step: step.name, version: step.version, parameters: step.parameters, input: digest, build: build)
    }

    func canonical<Input, Output>(_ value: some Encodable, of step: Step<Input, Output>) throws -> Data {
        do { return try CanonicalJSON.encode(value) } catch {
            throw MLOpsError(
                .invalidArgument, "The step '\(step.name)' has an input or output that JSON can't hold.",
                help: "Use finite numbers; keep tensors and files as artifacts, by digest.", cause: error)
        }
    }
}

extension LineageNode.Kind {
    /// The input or output of a pipeline's step; its id is the digest of its canonical JSON.
    public static let stepValue = LineageNode.Kind("stepValue")
}
