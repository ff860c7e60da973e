import Foundation
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct RunLogTests {
    @Test func `a run keeps its parameters, every metric of every step, and its end`() async throws {
        try await withFolder { folder in
            let clock = StepClock()
            let registry = try await ModelRegistry(at: folder, clock: clock.clock)
            let dataset = Digest(of: Data("photos".utf8))
            let run = try await registry.runs.start(
                "cnn", parameters: ["lr": "0.1"], tags: ["camera": "north"], dataset: dataset, manifest: ["seed": 7])
            for epoch in 1...3 {
                try await run.log(["loss": 1 / Double(epoch), "accuracy": 0.9 + 0.01 * Double(epoch)], step: epoch)
            }
            try await run.log(parameters: ["epochs": "3"])
            try await run.tag(["camera": "south"])
            #expect(try await registry.runs.run(run.id).status == .running)
            try await run.finish()

            let record = try await registry.runs.run(run.id)
            #expect(record.status == .finished)
            #expect(record.parameters == ["lr": "0.1", "epochs": "3"])
            #expect(record.tags == ["camera": "south"])
            #expect(record.metrics == ["loss": 1.0 / 3, "accuracy": 0.93])
            #expect(record.dataset == dataset)
            #expect(record.manifest == #"{"seed":7}"#)
            #expect(try #require(record.endedAt) > record.startedAt)
            let history = try await registry.runs.history(of: "loss", in: run.id)
            #expect(history.map(\.step) == [1, 2, 3])
            #expect(history.map(\.value) == [1, 0.5, 1.0 / 3])
        }
    }

    @Test func `a run that was let go of shows as interrupted and can be resumed`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            var run: ActiveRun? = try await registry.runs.start("cnn", id: "run-1")
            try await run?.log(["loss": 1], step: 1)
            #expect(try await registry.runs.run("run-1").status == .running)
            try await expectError(.unavailable) { _ = try await registry.runs.resume("run-1") }
            run = nil
            #expect(try await registry.runs.run("run-1").status == .interrupted)

            let resumed = try await registry.runs.resume("run-1")
            try await resumed.log(["loss": 1], step: 1)
            try await resumed.log(["loss": 0.5], step: 2)
            try await resumed.finish(.failed)
            let record = try await registry.runs.run("run-1")
            #expect(record.status == .failed)
            #expect(try await registry.runs.history(of: "loss", in: "run-1").map(\.step) == [1, 2])
            try await expectError(.invalidArgument) { _ = try await registry.runs.resume("run-1") }
        }
    }

    @Test func `values that are not finite come back as they were`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let run = try await registry.runs.start("cnn")
            for (step, value) in [Double.infinity, -.infinity, .nan, .nan].enumerated() {
                try await run.log(["loss": value], step: step)
                try await run.log(["loss": value], step: step)
            }
            let values = try await registry.runs.history(of: "loss", in: run.id).map(\.value)
            #expect(values.count == 4)
            #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN && values[3].isNaN)
            #expect(try #require(await registry.runs.run(run.id).metrics["loss"]).isNaN)
        }
    }

    @Test func `an ended run takes nothing more, and a parameter keeps its value`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let run = try await registry.runs.start("cnn", id: "run-1", parameters: ["lr": "0.1"])
            try await run.log(parameters: ["lr": "0.1"])
            try await expectError(.alreadyExists) { try await run.log(parameters: ["lr": "0.2"]) }
            try await expectError(.invalidArgument) { try await run.finish(.interrupted) }
            try await expectError(.alreadyExists) { _ = try await registry.runs.start("cnn", id: "run-1") }
            try await run.finish()
            try await expectError(.invalidArgument) { try await run.log(["loss": 1], step: 1) }
            try await expectError(.invalidArgument) { try await run.finish() }
            try await expectError(.alreadyExists) { _ = try await registry.runs.start("cnn", id: "run-1") }
        }
    }

    @Test func `new ids are UUIDs of version 7 that sort by time`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: StepClock().clock)
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await registry.runs.start("cnn").id) }
            #expect(ids == ids.sorted())
            for id in ids {
                #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            }
            #expect(try await registry.runs.runs().map(\.id) == ids.reversed())
            #expect(try await registry.runs.runs(named: "cnn", limit: 2).count == 2)
            #expect(try await registry.runs.runs(named: "other").isEmpty)
        }
    }

    @Test(arguments: ["", ".", "../x", "a b", "é", String(repeating: "x", count: 101)])
    func `an id that can't be a file's name is refused`(id: String) async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            try await expectError(.invalidArgument) { _ = try await registry.runs.start("cnn", id: id) }
            try await expectError(.notFound) { _ = try await registry.runs.run("run-9") }
        }
    }
}
