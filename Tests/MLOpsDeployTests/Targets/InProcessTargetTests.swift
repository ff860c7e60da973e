import MLOpsCore
import MLOpsDeploy
import MLOpsTestKit
import Testing

@Suite struct InProcessTargetTests {
    @Test func `it passes the exam of deploy targets`() async throws {
        try await DeployTargetExam(
            InProcessTarget(runtime: LinearRuntime()), first: ExamplePackages.package(1),
            second: ExamplePackages.package(2), broken: ExamplePackages.package(3, skew: 0.1)
        ).run()
    }

    @Test func `its endpoint passes the exam of predictors`() async throws {
        let endpoint = try await InProcessTarget(runtime: LinearRuntime()).deploy(
            ExamplePackages.package(), as: "pets")
        try await PredictorExam(
            endpoint, inputs: ["x": TensorValue(shape: [2, 2], floats: [1, 0, 0, 1])]
        ).run()
    }

    @Test func `an endpoint follows its name through a redeployment while requests are under way`() async throws {
        let target = InProcessTarget(runtime: LinearRuntime())
        let (first, second) = (try await ExamplePackages.package(1), try await ExamplePackages.package(2))
        let endpoint = try await target.deploy(first, as: "pets")
        let allowed = [
            try await ExamplePackages.model(1).predict(ExamplePackages.input(1, 0)),
            try await ExamplePackages.model(2).predict(ExamplePackages.input(1, 0)),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for i in 0..<200 {
                group.addTask {
                    if i == 100 { _ = try await target.deploy(second, as: "pets") }
                    #expect(allowed.contains(try await endpoint.predict(ExamplePackages.input(1, 0))))
                }
            }
            try await group.waitForAll()
        }
        #expect(endpoint.package == second.digest)
        #expect(await target.deployed == ["pets": second.digest])
    }
}
