import Foundation
import MLOpsCore

/// What PyTorch computed; written by Tests/Oracles/cnn_oracles.py.
struct Oracles: Decodable {
    struct NetworkRun: Decodable {
        var losses: [Float]
        var logits: [[Float]]
    }

    var optimizers: [String: [String: [Float]]]
    var schedules: [String: [Double]]
    var network: NetworkRun
    /// The gradients of each learned tensor of a network around one layer, by the layer's name.
    var layers: [String: [[Float]]]

    static func load() throws -> Oracles {
        guard let url = Bundle.module.url(forResource: "oracles", withExtension: "json", subdirectory: "Fixtures")
        else {
            throw MLOpsError(.notFound, "oracles.json is missing.", help: "Run Tests/Oracles/cnn_oracles.py.")
        }
        return try CanonicalJSON.decode(Oracles.self, from: Data(contentsOf: url))
    }
}
