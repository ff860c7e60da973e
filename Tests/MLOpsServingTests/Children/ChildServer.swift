import Foundation
import MLOpsCore
import MLOpsServing
import MLOpsTestKit
import Testing

/// The child of the tests below: this very test program, started again with one test that serves.
enum ChildServer {
    private static let packageKey = "MLOPS_TEST_CHILD_PACKAGE"
    private static let portFileKey = "MLOPS_TEST_CHILD_PORT_FILE"
    private static let nameKey = "MLOPS_TEST_CHILD_NAME"

    static var isChild: Bool { ProcessInfo.processInfo.environment[packageKey] != nil }

    /// The program to start; `env` becomes the child, with the same process id and standard input.
    static let executable = URL(fileURLWithPath: "/usr/bin/env")

    static func arguments(_ launch: ChildProcessTarget.Launch) -> [String] {
        [
            "\(packageKey)=\(launch.package.path)", "\(portFileKey)=\(launch.portFile.path)", "\(nameKey)=\(launch.name)",
            CommandLine.arguments[0], "--testing-library", "swift-testing", "--filter", "ServeAsChild",
        ]
    }

    static func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment[packageKey], let portFile = environment[portFileKey] else { return }
        let package = try ModelPackage(contentsOf: URL(fileURLWithPath: folder))
        try await InferenceServer.runAsChild(
            serving: ServedModel(
                environment[nameKey] ?? "model", package: package, predictor: LinearClassifier(package: package),
                decoder: RawPictures()),
            portFile: URL(fileURLWithPath: portFile), predictionLog: InMemoryPredictionLog())
    }
}

@Suite struct ServeAsChild {
    @Test(.enabled(if: ChildServer.isChild)) func `serve until stopped`() async throws { try await ChildServer.run() }
}
