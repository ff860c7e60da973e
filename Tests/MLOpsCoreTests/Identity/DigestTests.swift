import Foundation
import MLOpsCore
import Testing

@Suite("Digest")
struct DigestTests {
    /// Vectors of FIPS 180-4, as NIST publishes them.
    @Test(
        "a digest is SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func isSHA256(_ text: String, _ hex: String) async throws {
        let bytes = Data(text.utf8)
        #expect(Digest(of: bytes).hex == hex)
        var digester = Digester()
        digester.update(bytes.prefix(bytes.count / 3))
        digester.update(bytes.dropFirst(bytes.count / 3))
        #expect(digester.finalize().hex == hex)
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("file")
            try bytes.write(to: url)
            #expect(try Digest(ofFile: url).hex == hex)
        }
    }

    @Test("a missing file throws notFound")
    func missesFiles() async {
        await expectError(.notFound) { _ = try Digest(ofFile: URL(fileURLWithPath: "/nowhere/at all")) }
    }

    @Test("only 64 hexadecimal digits are a digest")
    func parses() throws {
        let digest = Digest(of: Data("abc".utf8))
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(hex: "\(digest)") == digest)
        #expect(Digest(hex: digest.hex.uppercased()) == digest)
        for text in [
            "", "abc", String(digest.hex.dropLast()), digest.hex + "0", "g" + digest.hex.dropFirst(),
            "sha512:" + digest.hex,
        ] {
            #expect(Digest(hex: text) == nil)
        }
    }

    @Test("digests survive JSON as text, and order by their bytes")
    func codesAndOrders() throws {
        let a = Digest(of: Data("a".utf8))
        #expect(try CanonicalJSON.encode([a]) == Data("[\"\(a)\"]".utf8))
        #expect(try CanonicalJSON.decode([Digest].self, from: CanonicalJSON.encode([a])) == [a])
        let sorted = (0..<50).map { Digest(of: [UInt8($0)]) }.sorted()
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.hex < $1.hex })
    }
}
