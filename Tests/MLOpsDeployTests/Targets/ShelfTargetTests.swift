import MLOpsCore
import MLOpsDeploy
import MLOpsTestKit
import Testing

// The target of the article "Implementing a deploy target", word by word.
actor ShelfTarget: DeployTarget {
    private let runtime: any ModelRuntime
    private var shelf: [String: any Predictor] = [:]

    init(runtime: any ModelRuntime) { self.runtime = runtime }

    func deploy(_ package: ModelPackage, as name: String) async throws -> ShelfEndpoint {
        let predictor = try await runtime.predictor(for: package)
        try await package.verifyGoldenVectors(on: predictor)
        shelf[name] = predictor
        return ShelfEndpoint(signature: predictor.signature, name: name, target: self)
    }

    func withdraw(_ name: String) { shelf[name] = nil }

    fileprivate func predictor(_ name: String) throws -> any Predictor {
        guard let predictor = shelf[name] else {
            throw MLOpsError(.unavailable, "'\(name)' is not deployed.", help: "Deploy it first.")
        }
        return predictor
    }
}

struct ShelfEndpoint: Predictor {
    let signature: ModelSignature
    let name: String
    let target: ShelfTarget

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try await target.predictor(name).predict(inputs)
    }
}

@Suite struct ShelfTargetTests {
    @Test func `the target of the guide passes the exam`() async throws {
        try await DeployTargetExam(
            ShelfTarget(runtime: LinearRuntime()), first: ExamplePackages.package(1),
            second: ExamplePackages.package(2), broken: ExamplePackages.package(3, skew: 0.1)
        ).run()
    }
}
