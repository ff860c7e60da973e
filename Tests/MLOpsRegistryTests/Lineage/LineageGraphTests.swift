import Foundation
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct LineageGraphTests {
    private let start = Date(timeIntervalSince1970: 1_772_000_000)
    private let dataset = LineageNode(.dataset, Digest(of: Data("dataset".utf8)).description)
    private let deployment = LineageNode(.deployment, "test-1")
    private let prediction = LineageNode(.prediction, "inference-1")

    private func photo(_ index: Int) -> LineageNode {
        LineageNode(.record, Digest(of: Data("photo \(index)".utf8)).description)
    }

    /// From photographs to a prediction.
    private func fill(_ registry: ModelRegistry, photos: Int) async throws -> ModelVersion {
        try await registry.lineage.record(
            LineageEvent(dataset, from: (0..<photos).map(photo), by: "committed", at: start))
        let run = try await registry.runs.start(
            "cnn", id: "run-1", parameters: ["lr": "0.1"], dataset: Digest(hex: dataset.id))
        try await run.finish()
        let version = try await registry.register(package("a"), by: "ana", why: "first", run: "run-1")
        try await registry.lineage.record([
            LineageEvent(deployment, from: [version.node], by: "deployed", at: start + 10),
            LineageEvent(
                prediction, from: [deployment, photo(1_000_000)], by: "predicted", at: start + 20,
                attributes: ["label": "dog"]),
        ])
        return version
    }

    @Test(arguments: [3, 1000])
    func `a prediction leads to its photographs and a photograph to its predictions`(photos: Int) async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: .fixed(start))
            let version = try await fill(registry, photos: photos)
            let back = try await registry.lineage.ancestors(of: prediction)
            #expect(Set(back.filter { $0.kind == .record }) == Set(((0..<photos) + [1_000_000]).map(photo)))
            #expect(back.count == photos + 1 + 5)
            let kinds: [LineageNode.Kind] = [.deployment, .modelVersion, .package, .run, .dataset]
            #expect(try await registry.lineage.ancestors(of: prediction, kinds: Set(kinds)).map(\.kind) == kinds)

            let forward = try await registry.lineage.descendants(of: photo(photos - 1))
            #expect(
                forward == [
                    dataset, LineageNode(.run, "run-1"), LineageNode(.package, version.package.description),
                    version.node, deployment, prediction,
                ])
            #expect(
                try await registry.lineage.descendants(of: photo(0), kinds: [.modelVersion]) == [version.node])
            #expect(
                try await registry.lineage.records(in: Digest(of: Data("dataset".utf8))).count == photos)
            try await expectError(.notFound) { _ = try await registry.lineage.descendants(of: photo(photos)) }
        }
    }

    @Test(arguments: [3, 1000])
    func `a trace counts the photographs and tells the rest`(photos: Int) async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: .fixed(start))
            let version = try await fill(registry, photos: photos)
            let trace = try await registry.lineage.trace(prediction: "inference-1")
            let date = "2026-02-25T06:13:20Z"
            #expect(
                trace.description == """
                    prediction inference-1, predicted 2026-02-25T06:13:40Z [label: dog]
                      deployment test-1, deployed 2026-02-25T06:13:30Z
                        modelVersion park-pets/1, registered \(date) [by: ana, why: first]
                          package \(version.package), packaged \(date) [registeredAs: park-pets/1]
                            run run-1, trained \(date) [lr: 0.1, name: cnn]
                              dataset \(dataset.id), committed \(date), \(photos) records
                      \(photo(1_000_000))
                    """)
            let copy = try JSONDecoder().decode(LineageTrace.self, from: JSONEncoder().encode(trace))
            #expect(copy == trace)
            try await expectError(.notFound) { _ = try await registry.lineage.trace(prediction: "unknown") }
        }
    }

    @Test func `recording again, in another order or in another spelling, adds nothing`() async throws {
        try await withFolder { folder in
            let graph = try await ModelRegistry(at: folder).lineage
            let photos = (0..<200).map(photo)
            let events = [
                LineageEvent(dataset, from: photos, by: "committed", at: start, attributes: ["name": "old"]),
                LineageEvent(
                    dataset, from: photos.reversed(), by: "committed", at: start + 1, attributes: ["name": "new"]),
                LineageEvent(
                    LineageNode(.run, "r"), from: [LineageNode(.dataset, String(dataset.id.dropFirst(7)))],
                    by: "trained", at: start),
            ]
            try await graph.record(events)
            let trace = try await graph.trace(LineageNode(.run, "r"))
            try await graph.record(events.reversed())
            #expect(try await graph.trace(LineageNode(.run, "r")) == trace)
            #expect(trace.entries.map(\.recordCount) == [0, 200])
            #expect(trace.entries[1].attributes == ["name": "new"])
            #expect(try await graph.ancestors(of: LineageNode(.run, "r")).count == 201)
        }
    }

    @Test func `a photograph's own source is found through the dataset`() async throws {
        try await withFolder { folder in
            let graph = try await ModelRegistry(at: folder).lineage
            let camera = LineageNode(LineageNode.Kind("camera"), "north gate")
            try await graph.record([
                LineageEvent(dataset, from: (0..<100).map(photo), by: "committed", at: start),
                LineageEvent(photo(7), from: [camera], by: "ingested", at: start),
            ])
            #expect(try await graph.ancestors(of: dataset, kinds: [camera.kind]) == [camera])
            #expect(try await graph.descendants(of: camera) == [photo(7), dataset])
            #expect(try await graph.ancestors(of: dataset).count == 101)
        }
    }

    @Test func `a thing that came from itself does not hang the walk`() async throws {
        try await withFolder { folder in
            let graph = try await ModelRegistry(at: folder).lineage
            let (a, b) = (LineageNode(.run, "a"), LineageNode(.run, "b"))
            try await graph.record([
                LineageEvent(a, from: [b], by: "resumed", at: start),
                LineageEvent(b, from: [a], by: "resumed", at: start),
            ])
            #expect(try await graph.ancestors(of: a) == [b])
            #expect(try await graph.descendants(of: a) == [b])
            #expect(try await graph.trace(a).entries.map(\.isRepeated) == [false, false, true])
        }
    }

    @Test func `evidence hangs below the package that it is about`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.registerApproved(package("a"))
            let package = LineageNode(.package, version.package.description)
            #expect(try await registry.lineage.descendants(of: package, kinds: [.evidence]).count == 3)
        }
    }
}
