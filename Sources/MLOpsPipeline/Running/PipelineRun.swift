internal import Foundation
internal import MLOpsCore

/// One run of a pipeline; calling it runs a step.
public struct PipelineRun: Sendable {
    let runner: PipelineRunner

    /// Runs a step, or takes its output from the cache.
    ///
    /// The output is what its canonical JSON reads back as, whether the step ran or not: so both go on alike.
    public func callAsFunction<Input, Output>(_ step: Step<Input, Output>, _ input: Input) async throws -> Output {
        try Task.checkCancellation()
        let given = try runner.canonical(input, of: step)
        let key = runner.key(of: step, digest: Digest(of: given))
        var (decision, known): (CacheDecision, Data?) = try await runner.cache.lookUp(key)
        if let known {
            if let output = try? CanonicalJSON.decode(Output.self, from: known) {
                await runner.observe(.reused(key, decision, output: Digest(of: known)))
                return output
            }
            decision = .miss(["the stored output is no \(Output.self)"])
        }
        await runner.observe(.started(key, decision))
        let start = runner.timer.start()
        let output = try await attempt(step, input, key)
        let bytes = try runner.canonical(output, of: step)
        let copy = try CanonicalJSON.decode(Output.self, from: bytes, source: "the output of '\(step.name)'")
        let digest = try await record(bytes, key)
        await runner.observe(.finished(key, output: digest, took: start()))
        return copy
    }

    private func attempt<Input, Output>(_ step: Step<Input, Output>, _ input: Input, _ key: StepKey) async throws
        -> Output
    {
        var attempt = 1
        while true {
            do {
                let context = StepContext(
                    artifacts: runner.cache.artifacts, attempt: attempt, progress: runner.progress)
                return try await step.body(input, context)
            } catch {
                let isLast = attempt >= step.retry.attempts || error is CancellationError || Task.isCancelled
                let wait = isLast ? nil : step.retry.wait(after: attempt)
                await runner.observe(.failed(key, attempt: attempt, error: error, retriesIn: wait))
                guard let wait else { throw error }
                try await runner.timer.sleep(for: wait)
                attempt += 1
            }
        }
    }

    /// Tells the lineage first, so that a step which counts as done is in the graph.
    private func record(_ output: Data, _ key: StepKey) async throws -> Digest {
        let now = runner.clock.now()
        if let lineage = runner.lineage {
            var attributes = ["step": key.step, "version": key.version]
            if let build = key.build { attributes["build"] = build }
            for (name, value) in key.parameters { attributes["parameter.\(name)"] = value }
            try await lineage.record(
                LineageEvent(
                    LineageNode(.stepValue, Digest(of: output).description),
                    from: [LineageNode(.stepValue, key.input.description)], by: key.step, at: now,
                    attributes: attributes))
        }
        return try await runner.cache.keep(output, for: key, at: now)
    }
}

extension Clock where Duration == Swift.Duration {
    /// Starts a stopwatch; calling it reads it.
    fileprivate func start() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
