internal import Crypto
package import Foundation

/// Signs requests with a secret key that is never sent.
///
/// Source: AWS Signature Version 4, algorithm AWS4-HMAC-SHA256, in the Authorization header (AWS General Reference,
/// "Create a signed AWS API request").
package struct S3RequestSigner: Sendable {
    let credentials: S3Credentials
    let region: String
    let service: String

    package init(credentials: S3Credentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The value of the Authorization header.
    ///
    /// - Parameters:
    ///   - path: the path as it is sent, percent-encoded.
    ///   - query: names and values, not encoded, in any order.
    ///   - headers: those that are signed, with `host` and `x-amz-date` among them.
    ///   - payloadHash: the SHA-256 of the body, in hexadecimal.
    ///   - timestamp: the value of `x-amz-date`, such as `20130524T000000Z`.
    package func authorization(
        method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
        payloadHash: String, timestamp: String
    ) -> String {
        let signed = Self.canonical(headers)
        let names = signed.map(\.name).joined(separator: ";")
        let request = [
            method, path, Self.encoded(query), signed.map { "\($0.name):\($0.value)\n" }.joined(), names, payloadHash,
        ].joined(separator: "\n")
        let scope = "\(timestamp.prefix(8))/\(region)/\(service)/aws4_request"
        let text = ["AWS4-HMAC-SHA256", timestamp, scope, Self.hex(SHA256.hash(data: Data(request.utf8)))]
            .joined(separator: "\n")
        var key = SymmetricKey(data: Data(("AWS4" + credentials.secretKey).utf8))
        for part in scope.split(separator: "/") { key = SymmetricKey(data: Self.code(String(part), key)) }
        let signature = Self.hex(Self.code(text, key))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    /// Names and values percent-encoded and sorted by their bytes, as they are signed and sent.
    package static func encoded(_ query: [(name: String, value: String)]) -> String {
        query.map { (encoded($0.name), encoded($0.value)) }
            .sorted {
                $0.0 == $1.0
                    ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// A text with all bytes but A–Z a–z 0–9 - . _ ~ percent-encoded.
    package static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlashes: result += "/"
            default: result += "%" + String(format: "%02X", byte)
            }
        }
        return result
    }

    /// The SHA-256 of a body, in hexadecimal.
    package static func payloadHash(_ body: Data) -> String { hex(SHA256.hash(data: body)) }

    /// Headers in lower case, sorted; values trimmed, with single spaces; those of one name joined.
    private static func canonical(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            values[name.lowercased(), default: []].append(value.split(separator: " ").joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}
