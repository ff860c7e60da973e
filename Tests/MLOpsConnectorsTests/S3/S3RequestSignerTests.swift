import Foundation
import MLOpsConnectors
import Testing

@Suite("Signatures of requests to object stores") struct S3RequestSignerTests {
    private struct Vector: Decodable {
        var name: String
        var accessKey: String
        var secretKey: String
        var service: String
        var timestamp: String
        var method: String
        var path: String
        var query: [[String]]
        var headers: [[String]]
        var payloadHash: String
        var signature: String
    }

    @Test("The signatures are those that AWS published, and those of botocore") func vectors() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/sigv4", withExtension: "json"))
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: url))
        #expect(vectors.count >= 11)
        for vector in vectors {
            let signer = S3RequestSigner(
                credentials: S3Credentials(accessKey: vector.accessKey, secretKey: vector.secretKey),
                region: "us-east-1", service: vector.service)
            let authorization = signer.authorization(
                method: vector.method, path: vector.path, query: vector.query.map { ($0[0], $0[1]) },
                headers: vector.headers.map { ($0[0], $0[1]) }, payloadHash: vector.payloadHash,
                timestamp: vector.timestamp)
            #expect(authorization.hasSuffix("Signature=\(vector.signature)"), "\(vector.name)")
            #expect(authorization.contains("Credential=\(vector.accessKey)/\(vector.timestamp.prefix(8))/us-east-1/"))
        }
    }

    @Test("Secrets are in no description") func hidesSecrets() throws {
        let credentials = try #require(
            S3Credentials(environment: [
                "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "token",
            ]))
        #expect("\(credentials) \(String(reflecting: credentials))" == "S3Credentials(AKID) S3Credentials(AKID)")
        #expect(S3Credentials(environment: ["AWS_ACCESS_KEY_ID": "AKID"]) == nil)
    }
}
