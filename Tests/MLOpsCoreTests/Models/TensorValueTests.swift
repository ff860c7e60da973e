import Foundation
import MLOpsCore
import Testing

@Suite("TensorValue")
struct TensorValueTests {
    @Test("floats and byte strings come back as they were, also through JSON")
    func comesBack() throws {
        let floats = try TensorValue(shape: [2, 3], floats: [0, -1.5, .infinity, 3, .leastNonzeroMagnitude, 5])
        #expect(try floats.floats() == [0, -1.5, .infinity, 3, .leastNonzeroMagnitude, 5])
        #expect(floats.elementCount == 6 && floats.elementType == .float32)
        let strings = try TensorValue(byteStrings: [[1, 2, 3], [], [0]])
        #expect(strings.shape == [3])
        #expect(try strings.byteStrings().map(Array.init) == [[1, 2, 3], [], [0]])
        for value in [floats, strings] {
            #expect(try CanonicalJSON.decode(TensorValue.self, from: CanonicalJSON.encode(value)) == value)
        }
    }

    @Test("floats lie in memory little-endian, row by row")
    func isLittleEndian() throws {
        #expect(try TensorValue(shape: [2], floats: [1, -2]).bytes == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    }

    @Test(
        "a shape that does not fit the bytes is refused",
        arguments: [
            [2, 2], [-1, -3], [1 << 62, 4], [Int.max, Int.max], [0], [],
        ])
    func refusesShapes(_ shape: [Int]) async {
        await expectError(.invalidArgument) { _ = try TensorValue(shape: shape, floats: [1, 2, 3]) }
    }

    @Test(
        "byte strings that are cut off, or more than the shape says, are refused",
        arguments: [
            [1, 0, 0], [1, 0, 0, 0], [255, 255, 255, 255, 1], [0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func refusesByteStrings(_ bytes: [UInt8]) async {
        await expectError(.invalidArgument) { _ = try TensorValue(.bytes, shape: [1], bytes: bytes) }
    }

    @Test("asking for another type of elements is refused")
    func refusesOtherTypes() async throws {
        let floats = try TensorValue(shape: [], floats: [1])
        await expectError(.invalidArgument) { _ = try floats.byteStrings() }
        let int8 = try TensorValue(.int8, shape: [4], bytes: [1, 2, 3, 4])
        await expectError(.invalidArgument) { _ = try int8.floats() }
    }

    @Test(
        "JSON of a tensor that is no tensor throws corruptData",
        arguments: [
            #"{"datatype":"FP32","shape":[2],"base64":"AAAA"}"#, #"{"datatype":"FP32","shape":[1],"base64":"!"}"#,
            #"{"datatype":"FP99","shape":[0],"base64":""}"#,
        ])
    func refusesJSON(_ text: String) async {
        await expectError(.corruptData) { _ = try CanonicalJSON.decode(TensorValue.self, from: Data(text.utf8)) }
    }
}
