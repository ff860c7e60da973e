import Foundation
import MLOps
import MLOpsConnectors
import MLOpsServing

/// A day at the camera.
struct WatchSummary: Codable, CustomStringConvertible {
    var day: Int
    var fault: CameraFault?
    var version: ModelVersion
    var frames: Int
    var labeled: Int
    var shares: [String: Double]
    var medianMilliseconds: Double

    var description: String {
        let seen = shares.sorted { $0.key < $1.key }.map { "\(percent($0.value)) \($0.key)" }.joined(separator: ", ")
        return "Day \(day)\(fault.map { ", with \($0.title)" } ?? ""): \(version) classified \(frames) frames "
            + "(\(seen)), median \(decimal(medianMilliseconds)) ms; the warden labeled \(labeled)."
    }
}

extension Park {
    /// Runs the production version for a day: camera → HTTP → model → captured predictions → labels in the evening.
    mutating func watch(day number: Int, frames count: Int, fault: CameraFault?) async throws -> WatchSummary {
        try update { $0.fault = fault }
        let (day, version) = (ParkDay(number: number), try await version("production"))
        let package = try await registry.package(for: version)
        let pictures = try await livePictures(day: number, count: count)
        let frames = try pictures.enumerated().map { index, picture in
            guard let fault else { return picture.bytes }
            let image = try ImageDecoder().decode(picture.bytes)
            return try fault.applied(to: image, seed: settings.seed &+ UInt64(index)).jpeg(quality: 90)
        }
        let predictions = file("predictions", of: number, "jsonl")
        // A day that is watched again begins anew.
        if FileManager.default.fileExists(atPath: predictions.path) {
            try FileManager.default.removeItem(at: predictions)
        }
        let ahead = day.opening.timeIntervalSince(clock.now())
        let deployment = Deployment(
            id: "\(Self.modelName)-\(version.number)-day-\(number)", package: package.digest, name: Self.modelName,
            environment: "production", at: day.opening, by: "park operations")
        let target = servingTarget(deployment: deployment.id, predictions: predictions, ahead: ahead)
        let endpoint = try await target.deploy(package, as: Self.modelName)
        let parkClock = WallClock { Date().addingTimeInterval(ahead) }
        let log: DayLog
        do {
            try await recordDeployment(deployment, of: version)
            let telemetry = try TelemetryRecorder(sensors(), clock: parkClock)
            let sampling = Task { try await telemetry.run(every: .milliseconds(100)) }
            defer { sampling.cancel() }
            let park = self
            let (notes, camera) = try await CameraServer(frames: frames, framesPerSecond: 100).withStream { url in
                try await park.classify(
                    MotionJPEGCamera(id: "park", url: url, wallClock: parkClock), pictures, endpoint)
            }
            log = DayLog(
                day: day, fault: fault, version: version, deployment: deployment.id, notes: notes,
                telemetry: await telemetry.series(), camera: camera)
            try await label(log, on: endpoint, at: parkClock)
        } catch {
            await target.withdraw(Self.modelName)
            throw error
        }
        await target.withdraw(Self.modelName)
        try DurableFile.write(CanonicalJSON.encode(log), to: file("log", of: number, "json"))
        return try await summary(of: log)
    }

    /// Sends every frame of the camera to the endpoint, and stores its bytes.
    private func classify(
        _ camera: MotionJPEGCamera, _ pictures: [LivePicture], _ endpoint: HTTPEndpoint
    ) async throws -> ([FrameNote], CameraStatistics) {
        var notes: [FrameNote] = []
        for try await frame in camera.records(from: .start) {
            let picture = pictures[notes.count]
            let bytes = frame.record.bytes
            let answer = try await endpoint.predict(
                encodedImages: [Array(bytes)], tags: ["camera": picture.camera])
            notes.append(
                FrameNote(
                    id: answer.inferenceIDs[0], frame: try await datasets.store(bytes), truth: picture.truth,
                    camera: picture.camera, picture: picture.id, isLabeled: notes.count % 10 != 9))
            progress.report(ProgressUpdate("watch", completed: notes.count, total: pictures.count))
            if notes.count == pictures.count { break }
        }
        return (notes, camera.statistics)
    }

    /// In the evening the warden tells the truth about nine frames of ten.
    private func label(_ log: DayLog, on endpoint: HTTPEndpoint, at parkClock: WallClock) async throws {
        let known = log.notes.filter(\.isLabeled)
        for (index, note) in known.enumerated() {
            try await endpoint.send(
                PredictionLabel(id: note.id, label: note.truth, at: parkClock.now(), source: "park warden"))
            progress.report(ProgressUpdate("label", completed: index + 1, total: known.count))
        }
    }

    private func summary(of log: DayLog) async throws -> WatchSummary {
        let predictions = try await predictions(of: log.day.number)
        try await registry.lineage.record(
            predictions.map {
                LineageEvent(
                    LineageNode(.prediction, $0.prediction.id),
                    from: [
                        LineageNode(.deployment, log.deployment), LineageNode(.record, $0.prediction.input.description),
                    ],
                    by: "predicted", at: $0.prediction.at, attributes: ["label": $0.prediction.label ?? "abstained"])
            })
        let labels = predictions.map { $0.prediction.label ?? "abstained" }
        let latencies = predictions.map(\.prediction.latency).sorted()
        return WatchSummary(
            day: log.day.number, fault: log.fault, version: log.version, frames: predictions.count,
            labeled: predictions.count { $0.label != nil },
            shares: Dictionary(grouping: labels) { $0 }.mapValues { Double($0.count) / Double(max(1, labels.count)) },
            medianMilliseconds: 1000 * (latencies.isEmpty ? 0 : latencies[latencies.count / 2]))
    }

    /// Each day the camera sees other pictures, as long as there are enough.
    private func livePictures(day: Int, count: Int) async throws -> [LivePicture] {
        let all = try await settings.livePictures(limit: 3 * count)
        guard !all.isEmpty else {
            throw MLOpsError(
                .insufficientData, "There are no pictures for the camera.", help: "Give more than 100 photographs.")
        }
        return (0..<min(count, all.count)).map { all[((day - 1) * count + $0) % all.count] }
    }

    private func sensors() -> [any Sensor] {
        let optional: [(any Sensor)?] = [
            try? CPULoadSensor(), try? MemorySensor(), try? DiskSensor(folder: folder), try? TemperatureSensor(),
        ]
        return optional.compactMap { $0 }
    }
}
