import Foundation
import MLOpsCore
import MLOpsPipeline
import Synchronization
import Testing

/// Notes what happened, from any thread.
private final class Journal: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    func take() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}

private struct Broken: Error {}

/// A clock on which waiting takes no time.
private struct InstantClock: Clock {
    let base = ContinuousClock()
    let waits: Journal
    var now: ContinuousClock.Instant { base.now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        waits.add("\(Int(((deadline - now) / .seconds(1)).rounded()))")
    }
}

@Suite struct PipelineRunnerTests {
    private let journal = Journal()

    private func withCache<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pipeline-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private func runner(_ folder: URL, build: String? = nil, lineage: (any LineageRecorder)? = nil) throws
        -> PipelineRunner
    {
        PipelineRunner(
            cache: try StepCache(at: folder), build: build,
            clock: .fixed(Date(timeIntervalSince1970: 1_772_000_000)), lineage: lineage)
    }

    private func run<Input, Output>(_ folder: URL, _ pipeline: Pipeline<Input, Output>, on input: Input) async throws
        -> Output
    {
        try await runner(folder).run(pipeline, on: input)
    }

    private func why<Input, Output>(
        _ folder: URL, _ step: Step<Input, Output>, _ input: Input, build: String? = nil
    ) async throws -> CacheDecision {
        try await runner(folder, build: build).why(step, input)
    }

    private func split(version: String = "1", parameters: [String: String] = [:]) -> Step<String, [String]> {
        Step("split", version: version, parameters: parameters) { [journal] text, _ in
            journal.add("split \(text)")
            return text.split(separator: " ").map(String.init)
        }
    }

    private var count: Step<[String], Int> {
        Step("count") { [journal] words, _ in
            journal.add("count \(words.count)")
            return words.count
        }
    }

    @Test func `a second run takes all outputs from the cache, in another process too`() async throws {
        try await withCache { folder in
            let pipeline = Pipeline("words", split()).then(count)
            let value1 = try await run(folder, pipeline, on: "a b c")
            #expect(value1 == 3)
            #expect(journal.take() == ["split a b c", "count 3"])
            let value2 = try await run(folder, pipeline, on: "a b c")
            #expect(value2 == 3)
            #expect(journal.take() == [])
            let value3 = try await run(folder, pipeline, on: "d e f g")
            #expect(value3 == 4)
            #expect(journal.take() == ["split d e f g", "count 4"])
        }
    }

    @Test func `a step whose input came out the same does not run again`() async throws {
        try await withCache { folder in
            _ = try await run(folder, Pipeline("words", split()).then(count), on: "a b")
            _ = journal.take()
            _ = try await run(folder, Pipeline("words", split()).then(count), on: "a  b")
            #expect(journal.take() == ["split a  b"])
        }
    }

    @Test func `the reason for a miss names the field that differs`() async throws {
        try await withCache { folder in
            let old = split(parameters: ["by": "space", "seed": "1"])
            #expect(try await why(folder, old, "a b") == .miss(["it never ran"]))
            _ = try await run(folder, Pipeline("words", old), on: "a b")
            #expect(try await why(folder, old, "a b").isHit)
            let changes: [(Step<String, [String]>, String?, String)] = [
                (split(version: "2", parameters: old.parameters), nil, "version 1 → 2"),
                (split(parameters: ["by": "space", "seed": "2"]), nil, "parameter 'seed' 1 → 2"),
                (split(parameters: ["by": "space"]), nil, "parameter 'seed' 1 → none"),
                (old, "abc123", "build none → abc123"),
            ]
            for (step, build, reason) in changes {
                #expect(try await why(folder, step, "a b", build: build) == .miss([reason]))
            }
            let input = try await why(folder, old, "a c")
            #expect(input.description.hasPrefix("must run: input "))
        }
    }

    @Test func `a run that failed goes on where it was`() async throws {
        try await withCache { folder in
            let broken = Step<[String], Int>("count") { _, _ in throw Broken() }
            await #expect(throws: Broken.self) {
                _ = try await run(folder, Pipeline("words", split()).then(broken), on: "a b")
            }
            _ = journal.take()
            let value4 = try await run(folder, Pipeline("words", split()).then(count), on: "a b")
            #expect(value4 == 2)
            #expect(journal.take() == ["count 2"])
        }
    }

    @Test func `a step is tried as often as it says, with growing waits`() async throws {
        try await withCache { folder in
            let waits = Journal()
            let flaky = Step<Int, Int>("flaky", retry: Retry(attempts: 4, delay: .seconds(3))) { input, context in
                guard context.attempt == 4 else { throw Broken() }
                return input + context.attempt
            }
            let runner = PipelineRunner(cache: try StepCache(at: folder), timer: InstantClock(waits: waits)) {
                [journal] event in
                if case .failed(_, let attempt, _, let wait) = event { journal.add("\(attempt) \(wait != nil)") }
            }
            #expect(try await runner.run(Pipeline("flaky", flaky), on: 1) == 5)
            #expect(waits.take() == ["3", "6", "12"])
            #expect(journal.take() == ["1 true", "2 true", "3 true"])
            let hopeless = Step<Int, Int>("hopeless", retry: Retry(attempts: 2)) { _, _ in throw Broken() }
            await #expect(throws: Broken.self) { _ = try await runner.run(Pipeline("hopeless", hopeless), on: 1) }
            #expect(journal.take() == ["1 true", "2 false"])
        }
    }

    @Test func `damaged outputs and entries are computed again`() async throws {
        try await withCache { folder in
            let pipeline = Pipeline("words", split())
            for part in ["artifacts", "entries"] {
                let output = try await run(folder, pipeline, on: "a b")
                _ = journal.take()
                let root = folder.appendingPathComponent(part)
                let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
                for case let url as URL in files.allObjects where !url.hasDirectoryPath {
                    try Data("x".utf8).write(to: url)
                }
                let value5 = try await run(folder, pipeline, on: "a b")
                #expect(value5 == output)
                #expect(journal.take() == ["split a b"])
                try FileManager.default.removeItem(at: folder)
            }
        }
    }

    @Test func `a stored output of another type is computed again`() async throws {
        try await withCache { folder in
            _ = try await run(folder, Pipeline("old", Step<Int, Int>("step") { input, _ in input }), on: 1)
            let changed = Step<Int, String>("step") { input, _ in "\(input)" }
            let value6 = try await run(folder, Pipeline("new", changed), on: 1)
            #expect(value6 == "1")
        }
    }

    @Test func `a miss and a hit give the same value, and JSON that can't be is refused`() async throws {
        try await withCache { folder in
            let date = Step<Int, Date>("date") { _, _ in Date(timeIntervalSince1970: 1_772_000_000.123_456) }
            let first = try await run(folder, Pipeline("date", date), on: 1)
            let value7 = try await run(folder, Pipeline("date", date), on: 1)
            #expect(value7 == first)
            let nan = Step<Int, Double>("nan") { _, _ in .nan }
            let error = try await #require(throws: MLOpsError.self) {
                _ = try await run(folder, Pipeline("nan", nan), on: 1)
            }
            #expect(error.code == .invalidArgument)
        }
    }

    @Test func `branches and fan-out are plain Swift`() async throws {
        try await withCache { folder in
            let longest = Step<[String], Int>("longest") { words, _ in words.map(\.count).max() ?? 0 }
            let both = try await run(folder, Pipeline("words", split()).then(count, and: longest), on: "a bcd ef")
            #expect(both.first == 3 && both.second == 3)

            let square = Step<Int, Int>("square") { [journal] number, _ in
                journal.add("\(number)")
                return number * number
            }
            let squares = Pipeline<Int, Int>("squares") { count, run in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...count { group.addTask { try await run(square, number) } }
                    return try await group.reduce(0, +)
                }
            }
            let value8 = try await run(folder, squares, on: 3)
            #expect(value8 == 14)
            #expect(journal.take().suffix(3).sorted() == ["1", "2", "3"])
            let value9 = try await run(folder, squares, on: 4)
            #expect(value9 == 30)
            #expect(journal.take() == ["4"])
        }
    }

    @Test func `lineage leads from the last output to the first input`() async throws {
        try await withCache { folder in
            let recorder = InMemoryLineageRecorder()
            let pipeline = Pipeline("words", split(parameters: ["by": "space"])).then(count)
            _ = try await runner(folder, lineage: recorder).run(pipeline, on: "a b")
            let events = await recorder.events
            #expect(events.map(\.activity) == ["split", "count"])
            #expect(events[1].inputs == [events[0].output])
            #expect(events[0].attributes["parameter.by"] == "space")
            #expect(events[0].inputs == [LineageNode(.stepValue, try Digest(ofJSON: "a b").description)])
        }
    }

    @Test func `a cancelled run stops before the next step`() async throws {
        try await withCache { folder in
            let runner = try runner(folder)
            let stopping = Step<Int, Int>("stopping") { input, _ in
                withUnsafeCurrentTask { $0?.cancel() }
                return input
            }
            let next = Step<Int, Int>("next") { [journal] input, _ in
                journal.add("next")
                return input
            }
            let task = Task { try await runner.run(Pipeline("stop", stopping).then(next), on: 1) }
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(journal.take() == [])
            #expect(try await runner.run(Pipeline("stop", stopping), on: 1) == 1)
        }
    }
}
