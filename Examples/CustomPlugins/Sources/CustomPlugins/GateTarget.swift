import MLOpsCore
import MLOpsDeploy
import Synchronization

/// A `Predictor` that can be switched off: what the gate's display asks.
final class GateEndpoint: Predictor {
    let signature = ModelSignature(
        inputs: [.init("count", .float32, shape: [-1])], outputs: [.init("busy", .float32, shape: [-1])])
    private let threshold: Mutex<Threshold?>

    init(_ threshold: Threshold) { self.threshold = Mutex(threshold) }

    func withdraw() { threshold.withLock { $0 = nil } }

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        guard let threshold = threshold.withLock({ $0 }), let counts = try inputs["count"]?.floats() else {
            throw MLOpsError(.unavailable, "The gate's display is off.", help: "Deploy a threshold.")
        }
        let busy = counts.map { Double($0) >= threshold.count ? Float(1) : 0 }
        return ["busy": try TensorValue(shape: [busy.count], floats: busy)]
    }
}

/// A `DeployTarget`: the display at the gate.
actor GateTarget: DeployTarget {
    private var endpoints: [String: GateEndpoint] = [:]

    func deploy(_ package: ModelPackage, as name: String) async throws -> GateEndpoint {
        let endpoint = GateEndpoint(try ThresholdSerializer().deserialize(package.files))
        guard package.manifest.signature == endpoint.signature else {
            throw MLOpsError(.unsupported, "The display can't show this model.", help: "Give a threshold.")
        }
        try await package.verifyGoldenVectors(on: endpoint)
        endpoints.updateValue(endpoint, forKey: name)?.withdraw()
        return endpoint
    }

    func withdraw(_ name: String) { endpoints.removeValue(forKey: name)?.withdraw() }
}
