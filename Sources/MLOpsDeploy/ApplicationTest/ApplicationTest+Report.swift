internal import MLOpsCore

extension ApplicationTest {
    /// What a run has seen so far; its size grows with the requests by one latency each.
    struct Tally {
        struct Group {
            var requests = 0
            var errors = 0
            var decided = 0
            var correct = 0
        }

        let labels: [String]
        var overall = Group()
        var slices: [String: Group] = [:]
        var latencies: [Double] = []
        var errorSamples: [String] = []
        var unrepeatable: [String] = []
        var batchDependent: [String] = []
        var confusion: [String: Int] = [:]
        var goldenVectorFailure: String?

        init(labels: [String]) { self.labels = labels }

        var count: Int { overall.requests }

        mutating func add(_ request: Request, _ decision: ClassDecision) {
            update(request) { group in
                group.requests += 1
                group.decided += decision.label == nil ? 0 : 1
                group.correct += decision.label == request.label ? 1 : 0
            }
            confusion["\(request.label) → \(decision.label ?? "abstained")", default: 0] += 1
        }

        mutating func addError(_ message: String, for request: Request) {
            update(request) { group in
                group.requests += 1
                group.errors += 1
            }
            if errorSamples.count < 10 { errorSamples.append(message) }
        }

        private mutating func update(_ request: Request, _ change: (inout Group) -> Void) {
            change(&overall)
            for (key, value) in request.tags { change(&slices["\(key)=\(value)", default: Group()]) }
        }
    }

    func report(_ tally: Tally) -> ApplicationTestReport {
        let overall = ApplicationTestReport.Result(tally.overall)
        let slices = tally.slices.mapValues(ApplicationTestReport.Result.init)
        let latency = LatencySummary(tally.latencies)
        var checks: [ApplicationTestReport.Check] = [
            .init("accuracy", .atLeast(limits.minimumAccuracy, overall.accuracy, minimumCount: limits.minimumCount),
                "\(overall.accuracy), at least \(limits.minimumAccuracy)"),
            .init("coverage", .atLeast(limits.minimumCoverage, overall.coverage, minimumCount: limits.minimumCount),
                "\(overall.coverage), at least \(limits.minimumCoverage)"),
            .init("errors", of: overall.errors, in: overall.requests, atMost: limits.maximumErrorRate),
            .init("repeatable", tally.unrepeatable.isEmpty ? .pass : .fail,
                "\(tally.unrepeatable.count) requests gave other bits the second time"),
            .init("batch-independent", tally.batchDependent.isEmpty ? .pass : .fail,
                "\(tally.batchDependent.count) rows gave something else in a batch"),
            .init("golden-vectors", tally.goldenVectorFailure == nil ? .pass : .fail,
                tally.goldenVectorFailure ?? "\(package.manifest.goldenVectors.count) match"),
        ]
        if let limit = limits.maximumP95Latency { checks.append(.init("latency-p95", latency?.p95, atMost: limit)) }
        if let limit = limits.maximumP99Latency { checks.append(.init("latency-p99", latency?.p99, atMost: limit)) }
        if let limit = limits.minimumSliceAccuracy {
            for (name, slice) in slices.sorted(by: { $0.key < $1.key }) {
                checks.append(
                    .init("accuracy[\(name)]",
                        .atLeast(limit, slice.accuracy, minimumCount: limits.minimumCount),
                        "\(slice.accuracy), at least \(limit)"))
            }
        }
        return ApplicationTestReport(
            package: package.digest, limits: limits, overall: overall, slices: slices, confusion: tally.confusion,
            latency: latency, errorSamples: tally.errorSamples,
            inconsistent: Array(Set(tally.unrepeatable + tally.batchDependent)).sorted(), checks: checks)
    }
}
