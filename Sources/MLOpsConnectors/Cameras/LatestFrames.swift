internal import MLOpsData

/// Reads a camera at its own pace and hands the newest frame to a body that takes its time.
enum LatestFrames {
    /// Reads until the body returns false; frames that are overtaken are counted as dropped.
    static func read(
        _ camera: any DataSource<RawRecord>, from position: SourcePosition, _ counter: CameraCounter,
        _ body: (RawRecord) async throws -> Bool
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: RawRecord.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                for try await record in camera.records(from: position) {
                    if case .dropped = continuation.yield(record.record) {
                        counter.update {
                            $0.dropped += 1
                            $0.delivered -= 1
                        }
                    }
                }
            }
            var goesOn = true
            for await record in stream {
                goesOn = try await body(record)
                if !goesOn { break }
            }
            guard goesOn else {
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
                return
            }
            try await group.waitForAll()
            try Task.checkCancellation()
        }
    }
}
