import Foundation
import MLOps
import MLOpsServing

extension Park {
    /// A place that runs a package in a process of its own, as production does.
    func servingTarget(deployment: String, predictions: URL? = nil, ahead: TimeInterval = 0) -> ChildProcessTarget {
        let threads = threads
        return ChildProcessTarget(
            executable: URL(fileURLWithPath: Self.executable),
            folder: folder.appendingPathComponent("children", isDirectory: true)
        ) { launch in
            var arguments = [
                "serve", "--package", launch.package.path, "--name", launch.name, "--port", "0", "--port-file",
                launch.portFile.path, "--deployment", deployment, "--clock-ahead=\(ahead)",
            ]
            if let predictions { arguments += ["--predictions", predictions.path] }
            if let threads { arguments += ["--threads", "\(threads)"] }
            return arguments
        }
    }

    /// Records what a deployment came from: version, package, and the approval that let it through.
    func recordDeployment(_ deployment: Deployment, of version: ModelVersion) async throws {
        let approvals = try await registry.evidence(for: version.package).filter {
            $0.kind == .approval && $0.verdict == .pass
        }
        try await registry.lineage.record(
            LineageEvent(
                LineageNode(.deployment, deployment.id),
                from: [version.node] + (try approvals.map { LineageNode(.evidence, try $0.digest.description) }),
                by: "deployed", at: deployment.at,
                attributes: ["environment": deployment.environment, "by": deployment.by]))
    }

    private static var executable: String {
        let linked = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return linked ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
    }
}
