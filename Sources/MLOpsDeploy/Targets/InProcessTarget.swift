public import MLOpsCore
internal import Synchronization

/// A ``DeployTarget`` that runs models in this process, on a ``ModelRuntime`` given to it.
///
/// An endpoint follows its name: after a redeployment it answers with the new model, without a request lost. The
/// requests under way finish on the model that they started on.
public actor InProcessTarget: DeployTarget {
    private let runtime: any ModelRuntime
    private var endpoints: [String: InProcessEndpoint] = [:]

    /// A target that opens packages with the given runtime.
    public init(runtime: any ModelRuntime) { self.runtime = runtime }

    /// Runs a package under a name, once its golden vectors match.
    ///
    /// - Throws: ``MLOpsError`` with `digestMismatch` when a golden vector fails, and what the runtime throws when it
    ///   can't read the package; what ran under the name keeps running.
    public func deploy(_ package: ModelPackage, as name: String) async throws -> InProcessEndpoint {
        let predictor = try await runtime.predictor(for: package)
        try await package.verifyGoldenVectors(on: predictor)
        if let endpoint = endpoints[name] {
            endpoint.replace(with: predictor, of: package.digest)
            return endpoint
        }
        let endpoint = InProcessEndpoint(name: name, predictor: predictor, package: package.digest)
        endpoints[name] = endpoint
        return endpoint
    }

    /// Stops what runs under a name; its endpoint then throws `unavailable`.
    public func withdraw(_ name: String) { endpoints.removeValue(forKey: name)?.close() }

    /// The digest of the package that runs under each name.
    public var deployed: [String: Digest] { endpoints.compactMapValues(\.package) }
}

/// Where an ``InProcessTarget`` answers.
public final class InProcessEndpoint: Predictor {
    private struct State {
        var predictor: (any Predictor)?
        var signature: ModelSignature
        var package: Digest?
    }

    /// The name it is deployed under.
    public let name: String
    private let state: Mutex<State>

    init(name: String, predictor: any Predictor, package: Digest) {
        self.name = name
        state = Mutex(State(predictor: predictor, signature: predictor.signature, package: package))
    }

    /// What the model takes and gives; after `withdraw`, what the last one did.
    public var signature: ModelSignature { state.withLock(\.signature) }

    /// The digest of the package that answers; `nil` after `withdraw`.
    public var package: Digest? { state.withLock(\.package) }

    /// Predicts with the model that runs under the name now.
    ///
    /// - Throws: ``MLOpsError`` with `unavailable` after `withdraw`.
    public func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        guard let predictor = state.withLock(\.predictor) else {
            throw MLOpsError(
                .unavailable, "Nothing is deployed as '\(name)' any more.", help: "Deploy a package under that name.")
        }
        return try await predictor.predict(inputs)
    }

    func replace(with predictor: any Predictor, of package: Digest) {
        state.withLock { $0 = State(predictor: predictor, signature: predictor.signature, package: package) }
    }

    func close() {
        state.withLock {
            $0.predictor = nil
            $0.package = nil
        }
    }
}
