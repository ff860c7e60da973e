public import MLOpsCore

/// A place that runs models: this process, a child process, an image, a cluster, a camera box.
///
/// Promises of a conformer:
/// - `deploy` returns once the endpoint answers: the package's digest has been checked and its golden vectors match.
///   When they don't, it throws ``MLOpsError`` with `digestMismatch` and leaves what ran under that name running.
/// - Deploying under a name that is in use replaces what runs there, after the new one is ready.
/// - `withdraw` is idempotent: a name that is not deployed is no error. After it, the endpoint answers no more.
public protocol DeployTarget<Endpoint>: Sendable {
    /// Where a deployed package answers.
    associatedtype Endpoint: Predictor
    /// Runs a package under a name.
    func deploy(_ package: ModelPackage, as name: String) async throws -> Endpoint
    /// Stops what runs under a name.
    func withdraw(_ name: String) async throws
}
