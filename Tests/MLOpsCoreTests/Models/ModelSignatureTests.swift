import MLOpsCore
import Testing

@Suite("ModelSignature")
struct ModelSignatureTests {
    private let signature = ModelSignature(
        inputs: [.init("image", .float32, shape: [-1, 3, 2])], outputs: [.init("p", .float32, shape: [-1, 2])])

    @Test("an input fits when type and extents do; −1 takes any extent", arguments: [1, 5, 0])
    func accepts(_ batch: Int) throws {
        let floats = [Float](repeating: 0, count: batch * 6)
        try signature.check(inputs: ["image": TensorValue(shape: [batch, 3, 2], floats: floats)])
    }

    @Test("a missing, unknown or unfit input is refused")
    func refuses() async throws {
        let fit = try TensorValue(shape: [1, 3, 2], floats: [Float](repeating: 0, count: 6))
        let flat = try TensorValue(shape: [6], floats: [Float](repeating: 0, count: 6))
        let turned = try TensorValue(shape: [1, 2, 3], floats: [Float](repeating: 0, count: 6))
        let bytes = try TensorValue(.uint8, shape: [1, 3, 2], bytes: [0, 0, 0, 0, 0, 0])
        for inputs in [[:], ["image": flat], ["image": turned], ["image": bytes], ["image": fit, "more": fit]] {
            await expectError(.invalidArgument) { try signature.check(inputs: inputs) }
        }
    }

    @Test("preprocessing is refused when it can't be done")
    func checksPreprocessing() async throws {
        _ = try ImagePreprocessing(width: 32, height: 16)
        await expectError(.invalidArgument) { _ = try ImagePreprocessing(width: 0, height: 16) }
        await expectError(.invalidArgument) { _ = try ImagePreprocessing(width: 1, height: 1, mean: [0]) }
        await expectError(.invalidArgument) {
            _ = try ImagePreprocessing(width: 1, height: 1, standardDeviation: [1, 0, 1])
        }
        await expectError(.invalidArgument) { _ = try ImagePreprocessing(width: 1, height: 1, mean: [.nan, 0, 0]) }
    }
}
