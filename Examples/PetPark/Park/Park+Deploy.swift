import Foundation
import MLOps
import MLOpsCNN
import MLOpsONNX
import MLOpsServing
import MLOpsTensor

/// What the test environment showed.
struct DeploySummary: Codable, CustomStringConvertible {
    var version: ModelVersion
    var report: ApplicationTestReport
    /// The greatest difference of a logit from the trainer's own network, on JPEG bytes: in the interpreter, and over
    /// HTTP.
    var interpreterDifference: Float
    var serverDifference: Float

    var description: String {
        var lines = [
            "Test environment, \(version): \(report.verdict.rawValue) on \(report.overall.requests) requests",
            "  accuracy \(report.overall.accuracy)",
        ]
        if let latency = report.latency {
            lines.append(
                "  latency p50 \(decimal(1000 * latency.p50)) ms, p95 \(decimal(1000 * latency.p95)) ms, "
                    + "p99 \(decimal(1000 * latency.p99)) ms")
        }
        for (slice, result) in report.slices.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(slice): \(result.accuracy)")
        }
        lines.append(
            "  JPEG to logits, greatest difference from the trainer: interpreter \(interpreterDifference), "
                + "server \(serverDifference)")
        return lines.joined(separator: "\n")
    }
}

extension Park {
    /// Runs the staging version in a process of its own, replays test pictures against it over HTTP, and records what
    /// it showed as evidence.
    func deployToTest(requests limit: Int = 400) async throws -> DeploySummary {
        let version = try await version("staging")
        let package = try await registry.package(for: version)
        let deployment = Deployment(
            id: "\(Self.modelName)-\(version.number)-test", package: package.digest, name: Self.modelName,
            environment: "test", at: clock.now(), by: "PetPark deploy")
        let target = servingTarget(deployment: deployment.id)
        let endpoint = try await target.deploy(package, as: Self.modelName)
        do {
            try await recordDeployment(deployment, of: version)
            let entries = try testEntries(limit: limit)
            let requests = try await self.requests(entries, package)
            var limits = ApplicationTest.Limits(minimumAccuracy: settings.requiredAccuracy - 0.03)
            limits.maximumP95Latency = 0.5
            let report = try await ApplicationTest(of: package, limits: limits).run(
                requests, on: endpoint, progress: progress)
            let (interpreter, server) = try await differences(entries.prefix(100), package, endpoint)
            try await record(report.evidence(issuer: "PetPark deploy", at: clock.now()))
            _ = try write(
                report: CanonicalJSON.encodePretty(report), named: "application-test-\(package.digest.short).json")
            await target.withdraw(Self.modelName)
            return DeploySummary(
                version: version, report: report, interpreterDifference: interpreter, serverDifference: server)
        } catch {
            await target.withdraw(Self.modelName)
            throw error
        }
    }

    private func testEntries(limit: Int) throws -> [DatasetEntry] {
        let entries = try currentSplit().entries(of: .test)
        let count = min(limit, entries.count)
        return (0..<count).map { entries[$0 * entries.count / count] }
    }

    private func requests(_ entries: [DatasetEntry], _ package: ModelPackage) async throws -> [ApplicationTest.Request]
    {
        var requests: [ApplicationTest.Request] = []
        for entry in entries {
            let inputs = try package.inputs(decoding: Array(await datasets.bytes(of: entry)))
            requests.append(
                .init(
                    id: entry.id, inputs: inputs, label: entry.label ?? "",
                    tags: entry.attributes.filter { ["camera", "light"].contains($0.key) }))
        }
        return requests
    }

    /// JPEG bytes to logits three ways: by the trainer's network, by the interpreter, and over HTTP.
    private func differences(
        _ entries: some Sequence<DatasetEntry>, _ package: ModelPackage, _ endpoint: HTTPEndpoint
    ) async throws -> (Float, Float) {
        let model = try CNNModel(serialized: package.file(Self.weightsPath).bytes)
        let compute = Compute(threads: threads)
        let interpreter = try await ONNXModelRuntime(compute: compute).predictor(for: package)
        var greatest: (interpreter: Float, server: Float) = (0, 0)
        for entry in entries {
            let bytes = Array(try await datasets.bytes(of: entry))
            let image = try ImageInputDecoder().image(
                from: bytes, width: model.preprocessing.width, height: model.preprocessing.height)
            let expected = try model.predict([image], compute: compute)[0]
            let local = try await interpreter.predict(package.inputs(decoding: bytes))
            let remote = try await endpoint.predict(encodedImages: [bytes]).outputs
            for (i, logit) in expected.enumerated() {
                greatest.interpreter = max(
                    greatest.interpreter, abs(logit - (try local["logits"]?.floats()[i] ?? .infinity)))
                greatest.server = max(greatest.server, abs(logit - (try remote["logits"]?.floats()[i] ?? .infinity)))
            }
        }
        return (greatest.interpreter, greatest.server)
    }
}

extension ModelPackage {
    /// The inputs of a batch of one: an encoded picture, decoded as the server does it.
    func inputs(decoding bytes: [UInt8]) throws -> [String: TensorValue] {
        guard let spec = manifest.signature.inputs.first else {
            throw MLOpsError(.invalidArgument, "'\(manifest.name)' takes no input.", help: "Give another package.")
        }
        let row = try ImageInputDecoder().decode(bytes, for: spec)
        return [spec.name: try TensorValue(row.elementType, shape: [1] + row.shape, bytes: row.bytes)]
    }
}
