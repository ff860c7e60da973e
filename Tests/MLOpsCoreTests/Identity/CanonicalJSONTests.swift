import Foundation
import MLOpsCore
import Testing

@Suite("CanonicalJSON")
struct CanonicalJSONTests {
    private struct Sample: Codable, Equatable {
        var zebra = 1
        var apple = "a/b \"ä\""
        var number = 0.1 + 0.2
        var date = Date(timeIntervalSince1970: 1_700_000_000.5)
        var names = ["b": 1, "a": 2]
    }

    @Test("equal values have one spelling: sorted keys, no white space, bare slashes, UTC with milliseconds")
    func hasOneSpelling() throws {
        let text = String(decoding: try CanonicalJSON.encode(Sample()), as: UTF8.self)
        #expect(
            text == #"{"apple":"a/b \"ä\"","date":"2023-11-14T22:13:20.500Z","names":{"a":2,"b":1},"#
                + #""number":0.30000000000000004,"zebra":1}"#)
    }

    @Test("reading gives the value back, also from JSON for people and dates without a fraction")
    func reads() throws {
        let sample = Sample()
        #expect(try CanonicalJSON.decode(Sample.self, from: CanonicalJSON.encode(sample)) == sample)
        #expect(try CanonicalJSON.decode(Sample.self, from: CanonicalJSON.encodePretty(sample)) == sample)
        let dates = try CanonicalJSON.decode([Date].self, from: Data(#"["2023-11-14T22:13:20Z"]"#.utf8))
        #expect(dates == [Date(timeIntervalSince1970: 1_700_000_000)])
    }

    @Test("doubles come back bit for bit")
    func keepsDoubles() throws {
        var generator = SeededGenerator(seed: 5)
        var values = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.0 / 3, .pi, 1e22, 1e23]
        while values.count < 2000 {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { values.append(value) }
        }
        let copy = try CanonicalJSON.decode([Double].self, from: CanonicalJSON.encode(values))
        #expect(zip(copy, values).allSatisfy { $0 == $1 })
    }

    @Test("a second round of writing and reading changes no byte, whatever the fraction of a date")
    func settlesDates() throws {
        let dates = (0..<2000).map { Date(timeIntervalSince1970: 1_700_000_000 + Double($0) * 0.000_7) }
        let once = try CanonicalJSON.encode(dates)
        let again = try CanonicalJSON.encode(CanonicalJSON.decode([Date].self, from: once))
        #expect(once == again)
    }

    @Test(
        "what is no JSON of the value throws corruptData and names its source",
        arguments: [
            "", "{", "[1]", "{\"zebra\":\"x\"}", "\u{0}",
        ])
    func refuses(_ text: String) async {
        await expectError(.corruptData) {
            do { _ = try CanonicalJSON.decode(Sample.self, from: Data(text.utf8), source: "sample.json") } catch let
                error as MLOpsError
            {
                #expect(error.message.contains("sample.json"))
                throw error
            }
        }
    }
}
