import Foundation
import MLOpsCore
import Testing

@Suite("ModelPackage")
struct ModelPackageTests {
    private func package(threshold: Double = 0.1 + 0.2) throws -> ModelPackage {
        let input = try TensorValue(shape: [1, 2], floats: [1, 2])
        let output = try TensorValue(shape: [1, 2], floats: [2, 4])
        return try ModelPackage(
            manifest: .init(
                name: "double", format: .onnx,
                signature: ModelSignature(
                    inputs: [.init("x", .float32, shape: [-1, 2])], outputs: [.init("y", .float32, shape: [-1, 2])]),
                labels: ["cat", "dog"], preprocessing: ImagePreprocessing(width: 32, height: 32), threshold: threshold,
                goldenVectors: [.init(inputs: ["x": input], outputs: ["y": output])],
                provenance: ["run": "run-1"]),
            files: [
                ModelFile(path: "weights/b.bin", bytes: Data([1, 2, 3])),
                ModelFile(path: "model.onnx", bytes: Data("onnx".utf8)),
            ])
    }

    @Test("a package comes back from a folder and from a store with its digest")
    func comesBack() async throws {
        let package = try package()
        try await withScratchFolder { folder in
            try package.write(to: folder.appendingPathComponent("p"))
            #expect(try ModelPackage(contentsOf: folder.appendingPathComponent("p")) == package)
            let store = try LocalArtifactStore(at: folder.appendingPathComponent("store"))
            try await package.store(in: store)
            #expect(try await ModelPackage(package.digest, from: store) == package)
        }
    }

    @Test("the digest depends on what is in the package, not on the order of its files")
    func hasAnIdentity() throws {
        let package = try package()
        #expect(try ModelPackage(manifest: package.manifest, files: package.files.reversed()).digest == package.digest)
        #expect(try self.package(threshold: 0.4).digest != package.digest)
        let other = try ModelFile(path: "model.onnx", bytes: Data("onnX".utf8))
        #expect(
            try ModelPackage(manifest: package.manifest, files: [other, package.files[1]]).digest != package.digest)
        #expect(try package.file("model.onnx").bytes == Data("onnx".utf8))
    }

    @Test("a changed, missing or foreign file of a folder is found out")
    func findsTampering() async throws {
        let package = try package()
        try await withScratchFolder { folder in
            try package.write(to: folder)
            let weights = folder.appendingPathComponent("weights/b.bin")
            try Data([1, 2, 4]).write(to: weights)
            await expectError(.digestMismatch) { _ = try ModelPackage(contentsOf: folder) }
            try FileManager.default.removeItem(at: weights)
            await expectError(.notFound) { _ = try ModelPackage(contentsOf: folder) }
            try Data([1, 2, 3]).write(to: weights)
            #expect(try ModelPackage(contentsOf: folder) == package)

            let manifest = folder.appendingPathComponent("package.json")
            let text = try String(contentsOf: manifest, encoding: .utf8)
            try text.replacing("\"cat\"", with: "\"cow\"").write(to: manifest, atomically: true, encoding: .utf8)
            #expect(
                try ModelPackage(contentsOf: folder).digest != package.digest, "a changed manifest is another package")
            try text.replacing("weights/b.bin", with: "../b.bin").write(to: manifest, atomically: true, encoding: .utf8)
            try Data([1, 2, 3]).write(to: folder.deletingLastPathComponent().appendingPathComponent("b.bin"))
            await expectError(.invalidArgument) { _ = try ModelPackage(contentsOf: folder) }
            try text.replacing("\"schemaVersion\" : 1", with: "\"schemaVersion\" : 2")
                .write(to: manifest, atomically: true, encoding: .utf8)
            await expectError(.newerSchema) { _ = try ModelPackage(contentsOf: folder) }
            try Data(text.utf8.prefix(100)).write(to: manifest)
            await expectError(.corruptData) { _ = try ModelPackage(contentsOf: folder) }
            try FileManager.default.removeItem(at: manifest)
            await expectError(.notFound) { _ = try ModelPackage(contentsOf: folder) }
        }
    }

    @Test("a changed file of a store is found out")
    func findsTamperingInAStore() async throws {
        let package = try package()
        try await withScratchFolder { folder in
            let store = try LocalArtifactStore(at: folder)
            try await package.store(in: store)
            try Data("evil".utf8).write(to: store.url(of: Digest(of: Data("onnx".utf8))))
            await expectError(.digestMismatch) { _ = try await ModelPackage(package.digest, from: store) }
            await expectError(.notFound) { _ = try await ModelPackage(Digest(of: Data()), from: store) }
        }
    }

    @Test(
        "paths that leave the package, and paths given twice, are refused",
        arguments: [
            "", "/etc/passwd", "..", "a/../b", "a//b", "./a", "a\\b", "a\u{0}b", "a/",
        ])
    func refusesPaths(_ path: String) async throws {
        await expectError(.invalidArgument) { _ = try ModelFile(path: path, bytes: Data()) }
        let package = try package()
        let twice = package.files + [try ModelFile(path: "model.onnx", bytes: Data())]
        await expectError(.invalidArgument) { _ = try ModelPackage(manifest: package.manifest, files: twice) }
        let manifest = try ModelFile(path: "package.json", bytes: Data())
        await expectError(.invalidArgument) { _ = try ModelPackage(manifest: package.manifest, files: [manifest]) }
        await expectError(.notFound) { _ = try package.file("no.onnx") }
    }

    @Test("golden vectors tell a right predictor from one that is off, not a number, or of another shape")
    func replaysGoldenVectors() async throws {
        struct Scaler: Predictor {
            let signature: ModelSignature
            let factor: Float
            var isFlat = false
            func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
                let floats = try inputs["x"]?.floats() ?? []
                return ["y": try TensorValue(shape: isFlat ? [2] : [1, 2], floats: floats.map { $0 * factor })]
            }
        }
        let package = try package()
        let signature = package.manifest.signature
        try await package.verifyGoldenVectors(on: Scaler(signature: signature, factor: 2.00001))
        for factor in [2.001, .nan, .infinity] as [Float] {
            await expectError(.digestMismatch) {
                try await package.verifyGoldenVectors(on: Scaler(signature: signature, factor: factor))
            }
        }
        await expectError(.digestMismatch) {
            try await package.verifyGoldenVectors(on: Scaler(signature: signature, factor: 2, isFlat: true))
        }
    }
}
