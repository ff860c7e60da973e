public import MLOpsCore

extension ApplicationTest {
    /// Sends every request to the endpoint, one after another, and reports.
    ///
    /// A request that fails is counted, not thrown. Memory is bounded by ``batchSize`` requests.
    ///
    /// - Parameters:
    ///   - endpoint: the running model; golden vectors are replayed on it first.
    ///   - clock: measures latency.
    /// - Throws: what the sequence of requests throws, and `CancellationError`.
    public func run<Requests: AsyncSequence>(
        _ requests: Requests, on endpoint: some Predictor, clock: some Clock<Duration> = ContinuousClock(),
        total: Int? = nil, progress: any ProgressSink = SilentProgress()
    ) async throws -> ApplicationTestReport where Requests.Element == Request {
        var tally = Tally(labels: package.manifest.labels)
        do { try await package.verifyGoldenVectors(on: endpoint) } catch let error as MLOpsError {
            tally.goldenVectorFailure = error.message
        }
        var batch: [(request: Request, outputs: [String: TensorValue])] = []
        for try await request in requests {
            try Task.checkCancellation()
            let start = clock.now
            do {
                let outputs = try await endpoint.predict(request.inputs)
                tally.latencies.append(start.duration(to: clock.now).seconds)
                tally.add(request, try decision(from: outputs))
                if (tally.count - 1) % consistencyStride == 0 {
                    let again = try? await endpoint.predict(request.inputs)
                    if again != outputs { tally.unrepeatable.append(request.id) }
                    batch.append((request, outputs))
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                tally.addError("\(request.id): \((error as? MLOpsError)?.message ?? "\(error)")", for: request)
            }
            if batch.count == batchSize {
                await compare(batch, on: endpoint, &tally)
                batch = []
            }
            progress.report(ProgressUpdate("application test", completed: tally.count, total: total))
        }
        if !batch.isEmpty { await compare(batch, on: endpoint, &tally) }
        return report(tally)
    }

    /// Sends every request of an array to the endpoint; see the general form.
    public func run(
        _ requests: [Request], on endpoint: some Predictor, clock: some Clock<Duration> = ContinuousClock(),
        progress: any ProgressSink = SilentProgress()
    ) async throws -> ApplicationTestReport {
        let stream = AsyncStream { continuation in
            requests.forEach { continuation.yield($0) }
            continuation.finish()
        }
        return try await run(stream, on: endpoint, clock: clock, total: requests.count, progress: progress)
    }

    private func decision(from outputs: [String: TensorValue]) throws -> ClassDecision {
        guard let decision = try package.manifest.decisions(from: outputs).first else {
            throw MLOpsError(
                .external, "The endpoint gave no probabilities, but the outputs \(outputs.keys.sorted()).",
                help: "Check that the endpoint runs the package '\(package.manifest.name)'.")
        }
        return decision
    }

    /// Sends rows as one batch, and compares each with what it gave alone.
    private func compare(
        _ rows: [(request: Request, outputs: [String: TensorValue])], on endpoint: some Predictor, _ tally: inout Tally
    ) async {
        do {
            var inputs: [String: TensorValue] = [:]
            for name in package.manifest.signature.inputs.map(\.name) {
                inputs[name] = try .concatenating(rows.compactMap { $0.request.inputs[name] })
            }
            let together = try await endpoint.predict(inputs)
            for (i, row) in rows.enumerated() {
                for (name, alone) in row.outputs where alone.elementType == .float32 {
                    let found = try together[name]?.row(i).floats() ?? []
                    let expected = try alone.floats()
                    let close = found.count == expected.count
                        && zip(found, expected).allSatisfy { abs($0 - $1) <= limits.batchTolerance }
                    if !close { tally.batchDependent.append(row.request.id) }
                }
            }
        } catch {
            tally.batchDependent.append(contentsOf: rows.map(\.request.id))
        }
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
