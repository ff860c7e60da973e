import Foundation
import MLOpsCore
import MLOpsData

/// A picture that the camera will see: kept out of training, with the truth that the park warden learns later.
struct LivePicture: Sendable {
    var id: String
    var bytes: Data
    var truth: String
    var camera: String
}

extension ParkSettings {
    /// Whether a photograph is kept for the camera; decided by its name alone, so it never changes sides.
    func isLive(_ id: String) -> Bool {
        let digest = Digest(of: Data("live/\(seed)/\(id)".utf8))
        let value = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(value >> 11) * 0x1p-53 < liveShare
    }

    /// The records to ingest: all pictures but those kept for the camera.
    var archive: any DataSource<RawRecord> {
        guard let photos else { return PaintedSource(numbers: 0..<pictures, seed: seed) }
        let settings = self
        return ImageFolderSource(at: URL(fileURLWithPath: photos, isDirectory: true)).filtered {
            !settings.isLive($0.id)
        }
    }

    /// The pictures kept for the camera, in an order that mixes the classes.
    func livePictures(limit: Int) async throws -> [LivePicture] {
        guard let photos else {
            let source = PaintedSource(numbers: pictures..<pictures + limit, seed: seed)
            return try source.numbers.map { number in
                let record = try source.record(number)
                let scene = ParkScene(number: number, seed: seed)
                return LivePicture(
                    id: record.id, bytes: record.bytes, truth: scene.pet.rawValue, camera: scene.camera)
            }
        }
        let settings = self
        let source = ImageFolderSource(at: URL(fileURLWithPath: photos, isDirectory: true)).filtered {
            settings.isLive($0.id)
        }
        var pictures: [LivePicture] = []
        for try await sourced in source.records(from: .start) {
            let record = sourced.record
            guard let truth = record.label else { continue }
            // Photographs don't say which camera took them; four cameras share them.
            let camera = ParkScene.cameras[Int(Digest(of: record.bytes).bytes[0]) % ParkScene.cameras.count]
            pictures.append(LivePicture(id: record.id, bytes: record.bytes, truth: truth, camera: camera))
        }
        var generator = SeededGenerator(seed: seed, 1)
        return Array(generator.shuffled(pictures).prefix(limit))
    }
}
