import Foundation
import MLOpsCore
import MLOpsServing
import MLOpsTestKit
import Testing

@Suite struct InferTests {
    private let path = "/v2/models/pets/infer"

    private func whileServing(
        _ model: ServedModel, maximumBatch: Int = 256, maximumBodyBytes: Int = 64 << 20,
        _ body: @escaping @Sendable (URL) async throws -> Void
    ) async throws {
        var configuration = InferenceServer.Configuration(port: 0)
        configuration.maximumBatch = maximumBatch
        configuration.maximumBodyBytes = maximumBodyBytes
        try await InferenceServer(serving: [model], configuration: configuration, makeID: { "made" }).whileRunning(body)
    }

    private func outputs(_ reply: Reply) -> [[String: Any]] { reply.json["outputs"] as? [[String: Any]] ?? [] }

    @Test(arguments: ["[1, 0, 0.25, 0.5]", "[[1, 0], [0.25, 0.5]]", "[[[1], [0]], [[0.25, 0.5]]]"])
    func `data is taken flat and nested, and given flat`(data: String) async throws {
        let model = try await ExampleModels.pets()
        let expected = try #require(model.package.manifest.goldenVectors[0].outputs["probabilities"]).floats()
        try await whileServing(model) { url in
            let reply = try await Reply.post(
                url, path,
                #"""
                {"id": "42", "unknown": {"a": [null]}, "inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 2],
                 "note": 1, "data": \#(data)}], "outputs": [{"name": "probabilities"}]}
                """#)
            #expect(reply.status == 200 && reply.json["id"] as? String == "42")
            #expect(reply.json["model_name"] as? String == "pets" && reply.json["model_version"] as? String == "1")
            let output = outputs(reply).first
            #expect(output?["shape"] as? [Int] == [2, 2] && output?["datatype"] as? String == "FP32")
            #expect((output?["data"] as? [Double])?.map(Float.init) == expected)
            #expect(reply.headers["inference-id"] == "42")
            #expect(reply.headers["x-model-digest"] == "\(model.package.digest)")
        }
    }

    @Test(arguments: ElementType.allCases)
    func `every datatype comes back as it went, in JSON and in binary`(type: ElementType) async throws {
        let bytes: [UInt8]
        if type == .bytes {
            bytes = try TensorValue(byteStrings: [[72, 105], [], [195, 164], [33]]).bytes
        } else {
            // 1, 0, the greatest byte pattern that is a finite number in every type, and 1 again.
            bytes = [1, 0, 1, 1].flatMap { [UInt8](repeating: $0, count: type.byteCount ?? 0) }
        }
        let value = try TensorValue(type, shape: [2, 2], bytes: bytes)
        try await whileServing(ExampleModels.echo(type)) { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "echo")
            #expect(try await endpoint.predict(["x": value]) == ["y": value])

            // Binary in, JSON out; then that JSON in, and binary out.
            let header = #"{"inputs": [{"name": "x", "datatype": "\#(type.rawValue)", "shape": [2, 2], "#
            let first = Data((header + #""parameters": {"binary_data_size": \#(bytes.count)}}]}"#).utf8)
            let json = try await Reply.post(
                url, "/v2/models/echo/infer", first + Data(bytes),
                headers: [("Inference-Header-Content-Length", "\(first.count)")])
            let text = json.text
            let start = try #require(text.range(of: #""data":"#)), end = try #require(text.range(of: "]"))
            let second = header + text[start.lowerBound..<end.upperBound]
                + #"}], "parameters": {"binary_data_output": true}}"#
            let binary = try await Reply.post(url, "/v2/models/echo/infer", second)
            let length = try #require(binary.headers["inference-header-content-length"].flatMap { Int($0) })
            #expect(Array(binary.body.dropFirst(length)) == bytes)
        }
    }

    @Test func `every finite half float survives JSON`() async throws {
        let patterns = (UInt16(0)...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
        let bytes = patterns.withUnsafeBytes { Array($0) }
        let rows = patterns.count / 2
        let value = try TensorValue(.float16, shape: [rows, 2], bytes: bytes)
        try await whileServing(ExampleModels.echo(.float16), maximumBatch: rows) { url in
            let header = Data(
                (#"{"inputs": [{"name": "x", "datatype": "FP16", "shape": [\#(rows), 2], "#
                    + #""parameters": {"binary_data_size": \#(bytes.count)}}]}"#).utf8)
            let reply = try await Reply.post(
                url, "/v2/models/echo/infer", header + Data(bytes),
                headers: [("Inference-Header-Content-Length", "\(header.count)")])
            let numbers = try #require(outputs(reply).first?["data"] as? [Double])
            let body = #"{"parameters": {"binary_data_output": true}, "inputs": [{"name": "x", "datatype": "FP16", "#
                + #""shape": [\#(rows), 2], "data": [\#(numbers.map { "\($0)" }.joined(separator: ","))]}]}"#
            let back = try await Reply.post(url, "/v2/models/echo/infer", body)
            #expect(Array(back.body.suffix(value.bytes.count)) == bytes)
        }
    }

    @Test func `binary data is given for the outputs that ask for it`() async throws {
        try await whileServing(try await ExampleModels.pets()) { url in
            let reply = try await Reply.post(
                url, path,
                #"""
                {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [0, 0]}],
                 "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}]}
                """#)
            let length = try #require(reply.headers["inference-header-content-length"].flatMap { Int($0) })
            #expect(Array(reply.body.dropFirst(length)) == [0, 0, 0, 63, 0, 0, 0, 63])
        }
    }

    @Test(arguments: [
        ("no json", "{", 400), ("no inputs", "{}", 400),
        ("an unknown input", input(name: "z"), 400), ("another shape", input(shape: "[1, 3]"), 400),
        ("too little data", input(data: "[1]"), 400), ("too much data", input(data: "[1, 2, 3]"), 400),
        ("data of text", input(data: #"["a", "b"]"#), 400), ("another datatype", input(type: "INT64"), 400),
        ("a datatype that is none", input(type: "FP31"), 400), ("a negative extent", input(shape: "[-1, 2]"), 400),
        ("a huge shape", input(shape: "[9223372036854775807, 2]"), 400), ("no row", input(shape: "[0, 2]", data: "[]"), 400),
        ("too many rows", input(shape: "[3, 2]", data: "[1, 2, 3, 4, 5, 6]"), 413),
        ("an output that is none", input(tail: #", "outputs": [{"name": "logits"}]"#), 400),
        ("an input twice", #"{"inputs": [\#(tensor()), \#(tensor())]}"#, 400),
        ("binary data that is not there", #"{"inputs": [\#(tensor(binary: 8))]}"#, 400),
        ("a negative binary size", #"{"inputs": [\#(tensor(binary: -8))]}"#, 400),
        ("a body that is too large", input(tail: #", "pad": "\#(String(repeating: "a", count: 5000))""#), 413),
    ])
    func `a bad request is answered with its mistake, and the server goes on`(
        what: String, body: String, status: UInt
    ) async throws {
        try await whileServing(try await ExampleModels.pets(), maximumBatch: 2, maximumBodyBytes: 4000) { url in
            let reply = try await Reply.post(url, path, body)
            #expect(reply.status == status, "\(what): \(reply.text)")
            #expect((reply.json["error"] as? String)?.isEmpty == false)
            #expect(try await Reply.post(url, path, Self.input()).status == 200)
        }
    }

    @Test func `headers that lie are refused`() async throws {
        try await whileServing(try await ExampleModels.pets()) { url in
            let body = Data(Self.input().utf8)
            for length in ["-1", "1000000", "a", "3"] {
                let reply = try await Reply.post(
                    url, path, body, headers: [("Inference-Header-Content-Length", length)])
                #expect(reply.status == 400)
            }
            let tail = try await Reply.post(
                url, path, body + Data([1, 2]), headers: [("Inference-Header-Content-Length", "\(body.count)")])
            #expect(tail.status == 400)
            #expect(try await Reply.post(url, path, body, headers: [("Content-Encoding", "gzip")]).status == 415)
        }
    }

    @Test func `pictures are taken as pixels, as encoded bytes, and as a body`() async throws {
        let light = [UInt8(ascii: "P")] + [UInt8](repeating: 255, count: 12)
        let dark = [UInt8(ascii: "P")] + [UInt8](repeating: 0, count: 12)
        try await whileServing(try await ExampleModels.pictures()) { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "light")
            let pixels = try TensorValue(
                .uint8, shape: [2, 2, 2, 3], bytes: Array(light.dropFirst()) + Array(dark.dropFirst()))
            let expected = try await endpoint.predict(["image": pixels])
            let answer = try await endpoint.predict(encodedImages: [light, dark], id: "p")
            #expect(answer.outputs == expected && answer.inferenceIDs == ["p/0", "p/1"])
            let body = try await Reply.post(
                url, "/v2/models/light/infer", Data(dark), headers: [("content-type", "image/jpeg")])
            #expect(body.status == 200 && body.json["id"] as? String == "made")
            let probabilities = try #require(outputs(body).first?["data"] as? [Double])
            let second = try #require(expected["probabilities"]).floats().suffix(2)
            #expect(probabilities.map(Float.init) == Array(second))

            await #expect(throws: MLOpsError.self) { try await endpoint.predict(encodedImages: [light, [1]]) }
            let broken = try await Reply.post(
                url, "/v2/models/light/infer", Data([1]), headers: [("content-type", "image/png")])
            #expect(broken.status == 400)
        }
    }

    @Test func `an encoded picture is refused by a model of numbers`() async throws {
        try await whileServing(try await ExampleModels.pets()) { url in
            let reply = try await Reply.post(url, path, Data([1]), headers: [("content-type", "image/jpeg")])
            #expect(reply.status == 400)
        }
    }

    private static func tensor(
        name: String = "x", type: String = "FP32", shape: String = "[1, 2]", data: String = "[1, 0]", binary: Int? = nil
    ) -> String {
        let content = binary.map { #""parameters": {"binary_data_size": \#($0)}"# } ?? #""data": \#(data)"#
        return #"{"name": "\#(name)", "datatype": "\#(type)", "shape": \#(shape), \#(content)}"#
    }

    private static func input(
        name: String = "x", type: String = "FP32", shape: String = "[1, 2]", data: String = "[1, 0]", tail: String = ""
    ) -> String {
        #"{"inputs": [\#(tensor(name: name, type: type, shape: shape, data: data))]\#(tail)}"#
    }
}
