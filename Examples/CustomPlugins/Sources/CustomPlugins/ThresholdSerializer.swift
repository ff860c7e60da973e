import Foundation
import MLOpsCore

/// A `ModelSerializer`: a threshold as JSON.
struct ThresholdSerializer: ModelSerializer {
    let format = ModelFormat("threshold")

    func serialize(_ model: Threshold) throws -> [ModelFile] {
        [try ModelFile(path: "threshold.json", bytes: CanonicalJSON.encode(model))]
    }

    func deserialize(_ files: [ModelFile]) throws -> Threshold {
        guard let file = files.first(where: { $0.path == "threshold.json" }) else {
            throw MLOpsError(.corruptData, "There is no threshold.json.", help: "Give the files of a threshold.")
        }
        return try CanonicalJSON.decode(Threshold.self, from: file.bytes, source: file.path)
    }
}
