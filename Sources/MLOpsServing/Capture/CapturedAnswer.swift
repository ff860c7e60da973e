internal import Foundation
internal import MLOpsCore
internal import MLOpsDeploy

/// An answered request, as the capture keeps it until it is written.
struct CapturedAnswer: Sendable {
    var id: String
    var at: Date
    var model: ServedModel
    var inputs: [String: TensorValue]
    /// The encoded pictures that the rows came as; their digests are those of the stored photographs.
    var sources: [[UInt8]]?
    var outputs: [String: TensorValue]
    var tags: [String: String]
    var latency: Double

    var rowCount: Int { inputs.values.first?.rowCount ?? 0 }

    var byteCount: Int {
        inputs.values.reduce(0) { $0 + $1.bytes.count } + (sources ?? []).reduce(0) { $0 + $1.count }
    }

    /// A record for each row.
    func records() throws -> [PredictionRecord] {
        let decisions = try model.package.manifest.decisions(from: outputs)
        return try (0..<rowCount).map { index in
            let row = try inputs.mapValues { try $0.row(index) }
            var digester = Digester()
            if let sources {
                digester.update(sources[index])
            } else {
                for (_, value) in row.sorted(by: { $0.key < $1.key }) { digester.update(value.bytes) }
            }
            let decision = decisions.indices.contains(index) ? decisions[index] : nil
            // A broken model is what monitoring must see: numbers that JSON can't hold must not lose the record.
            let probabilities = decision?.probabilities ?? []
            let features = try (model.features?(row) ?? [:]).filter { $0.value.isFinite }
            return PredictionRecord(
                id: InferenceID.row(index, of: id), at: at, deployment: model.deployment, package: model.package.digest,
                label: decision?.label, probabilities: probabilities.allSatisfy(\.isFinite) ? probabilities : [],
                input: digester.finalize(), features: features, tags: tags, latency: latency)
        }
    }
}
