import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

private let fixtures = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/Operators")

private func fixtureNames() -> [String] {
    (try? fixtures.map { try OperatorCase.folders(below: $0).map(\.lastPathComponent) } ?? []) ?? []
}

@Suite struct OperatorFixtureTests {
    @Test(arguments: fixtureNames()) func anOperatorComputesWhatONNXRuntimeDoes(name: String) throws {
        let folder = try #require(fixtures).appendingPathComponent(name)
        let operatorCase = try OperatorCase(folder)
        let session = try ONNXSession(model: operatorCase.model, compute: Compute(threads: 1))
        let names = session.signature.inputs.map(\.name)
        try #require(names.count == operatorCase.inputs.count)
        let results = try session.run(Dictionary(zip(names, operatorCase.inputs)) { a, _ in a })
        #expect(try operatorCase.difference(from: results, of: session.signature) == nil)
    }

    @Test func stringsAboveTheLimitOfBytesAreNotMade() throws {
        let operatorCase = try OperatorCase(try #require(fixtures).appendingPathComponent("string_concat"))
        var limits = ONNXLimits()
        limits.stringByteCount = 3
        let session = try ONNXSession(model: operatorCase.model, compute: Compute(threads: 1), limits: limits)
        let names = session.signature.inputs.map(\.name)
        let error = #expect(throws: MLOpsError.self) {
            try session.run(Dictionary(zip(names, operatorCase.inputs)) { a, _ in a })
        }
        #expect(error?.code == .limitExceeded && error?.message.contains("bytes of the strings") == true)
    }

    @Test func everyOperatorHasAFixture() throws {
        let tested = fixtureNames().map { $0.replacing("_", with: "") }
        // Random numbers are ours: see RandomOperatorTests.
        let others = [
            "Constant", "Bernoulli", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
        ]
        for (name, _) in OperatorTable.documentation where !others.contains(name) {
            let short = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
            #expect(tested.contains { $0.hasPrefix(short) }, "\(name) has no fixture")
        }
    }
}
