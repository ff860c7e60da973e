import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Feature store") struct FeatureStoreTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)
    private static func minute(_ number: Double) -> Date { start + 60 * number }

    private static func visits(_ timeToLive: Duration? = nil) throws -> FeatureView {
        try FeatureView(
            name: "visits", entity: "camera",
            columns: [.init("dogs", .integer), .init("light", .number), .init("note", .text), .init("open", .flag)],
            timeToLive: timeToLive)
    }

    /// A clock that tests set.
    private final class Hands: @unchecked Sendable {
        // One task at a time reads and sets it: that of the test.
        var now: Date
        init(_ now: Date) { self.now = now }
        var clock: WallClock { WallClock { self.now } }
    }

    @Test("What was written late or corrected later does not leak into the past") func honoursBothTimes() async throws {
        try await withTemporaryFolder { folder in
            let hands = Hands(Self.minute(100))
            let store = try FeatureStore(at: folder.appending(path: "features.sqlite"), clock: hands.clock)
            try await store.register(Self.visits())
            try await store.append(
                [
                    FeatureRow("gate", at: Self.minute(0), created: Self.minute(1), ["dogs": .integer(1)]),
                    FeatureRow("gate", at: Self.minute(10), created: Self.minute(40), ["dogs": .integer(2)]),
                    FeatureRow("gate", at: Self.minute(20), created: Self.minute(21), ["dogs": .integer(3)]),
                    // A correction of the first.
                    FeatureRow("gate", at: Self.minute(0), created: Self.minute(5), ["dogs": .integer(9)]),
                ], to: "visits")
            let minutes = [0, 1, 4, 5, 15, 21, 50]
            let queries =
                minutes.map { TrainingQuery("gate", at: Self.minute(Double($0))) } + [
                    TrainingQuery("bank", at: Self.minute(9))
                ]
            let found = try await store.training(for: queries, from: ["visits"])
            #expect(
                found.values["visits.dogs"] == [
                    nil, .integer(1), .integer(1), .integer(9), .integer(9), .integer(3), .integer(3), nil,
                ])
            #expect(found.columns == ["visits.dogs", "visits.light", "visits.note", "visits.open"])
            #expect(found.row(1) == ["visits.dogs": .integer(1)])
        }
    }

    @Test("A row lives by its event time, offline and online alike") func timeToLive() async throws {
        try await withTemporaryFolder { folder in
            let hands = Hands(Self.minute(30))
            let store = try FeatureStore(at: folder.appending(path: "features.sqlite"), clock: hands.clock)
            try await store.register(Self.visits(.seconds(600)))
            try await store.append(
                [FeatureRow("gate", at: Self.minute(25), ["light": .number(0.5), "open": .flag(true)])], to: "visits")
            try await store.materialize("visits")
            for (minute, isThere) in [(30.0, true), (35, true), (35.01, false)] {
                let offline = try await store.training(
                    for: [TrainingQuery("gate", at: Self.minute(minute))], from: ["visits"])
                let online = try await store.latest("visits", of: ["gate"], at: Self.minute(minute))[0]
                #expect(offline.values["visits.light"] == [isThere ? .number(0.5) : nil])
                #expect(online == (isThere ? ["light": .number(0.5), "open": .flag(true)] : nil))
            }
            await #expect(throws: MLOpsError.self) {
                try await store.latest("visits", of: ["gate"], at: Self.minute(29))
            }
        }
    }

    @Test("Rows that come late are materialized, and never replace later ones; a second call changes nothing")
    func materializesLateRows() async throws {
        try await withTemporaryFolder { folder in
            let hands = Hands(Self.minute(10))
            let store = try FeatureStore(at: folder.appending(path: "features.sqlite"), clock: hands.clock)
            try await store.register(Self.visits())
            try await store.append(
                [
                    FeatureRow("gate", at: Self.minute(5), ["dogs": .integer(5)]),
                    FeatureRow("gate", at: Self.minute(60), ["dogs": .integer(60)]),
                ], to: "visits")
            var done = try await store.materialize("visits")
            #expect(done.rows == 1 && done.changed == 1)
            #expect(try await store.latest("visits", of: ["gate"]) == [["dogs": .integer(5)]])
            done = try await store.materialize("visits")
            #expect(done.rows == 0 && done.changed == 0)

            hands.now = Self.minute(20)
            try await store.append(
                [
                    FeatureRow("gate", at: Self.minute(2), ["dogs": .integer(2)]),
                    FeatureRow("bank", at: Self.minute(3), created: Self.minute(4), ["dogs": .integer(3)]),
                ], to: "visits")
            done = try await store.materialize("visits")
            #expect(done.rows == 2 && done.changed == 1)
            #expect(
                try await store.latest("visits", of: ["gate", "bank", "none"])
                    == [["dogs": .integer(5)], ["dogs": .integer(3)], nil])

            // The row that lay ahead of the first call.
            hands.now = Self.minute(70)
            done = try await store.materialize("visits")
            #expect(done.rows == 1 && done.changed == 1)
            #expect(try await store.latest("visits", of: ["gate"]) == [["dogs": .integer(60)]])
            await #expect(throws: MLOpsError.self) { try await store.materialize("visits", upTo: Self.minute(69)) }
            #expect(try await store.parity(of: "visits").verdict == .pass)
        }
    }

    @Test("Offline equals online after any order of appending and materializing", arguments: 0..<3)
    func parity(seed: Int) async throws {
        try await withTemporaryFolder { folder in
            let hands = Hands(Self.minute(0))
            let url = folder.appending(path: "features.sqlite")
            var store = try FeatureStore(at: url, clock: hands.clock)
            try await store.register(Self.visits(seed == 1 ? .seconds(3600) : nil))
            await #expect(throws: MLOpsError.self) { try await store.parity(of: "visits") }
            var random = SeededGenerator(seed: UInt64(seed))
            for round in 1...12 {
                hands.now = Self.minute(Double(round * 10))
                let rows = (0..<25).map { _ in
                    FeatureRow(
                        "camera-\(random.integer(below: 6))", at: Self.minute(Double(random.integer(below: 150))),
                        created: random.integer(below: 2) == 0 ? nil : hands.now - Double(random.integer(below: 1200)),
                        ["dogs": .integer(Int64(random.integer(below: 100))), "light": .number(random.uniform())])
                }
                try await store.append(rows, to: "visits")
                if random.integer(below: 3) > 0 { try await store.materialize("visits") }
                if round == 6 { store = try FeatureStore(at: url, clock: hands.clock) }
            }
            try await store.materialize("visits")
            let parity = try await store.parity(of: "visits")
            #expect(parity.verdict == .pass, "\(parity.differences.first.map { "\($0)" } ?? "")")
            #expect(parity.compared == 24)
        }
    }

    @Test("A difference of offline and online is found") func findsDifferences() async throws {
        try await withTemporaryFolder { folder in
            let hands = Hands(Self.minute(10))
            let store = try FeatureStore(at: folder.appending(path: "features.sqlite"), clock: hands.clock)
            try await store.register(Self.visits())
            try await store.append(
                [FeatureRow("gate", at: Self.minute(1), ["note": .text("é \u{1F408}")])], to: "visits")
            try await store.materialize("visits")
            #expect(try await store.parity(of: "visits").verdict == .pass)
            // Known at the time that was materialized, and appended after it.
            try await store.append([FeatureRow("gate", at: Self.minute(2), ["note": .text("later")])], to: "visits")
            let parity = try await store.parity(of: "visits")
            #expect(parity.verdict == .fail)
            let difference = try #require(parity.differences.first)
            #expect(parity.differences.count == 1 && difference.entity == "gate" && difference.column == "note")
            #expect(difference.offline == .text("later") && difference.online == .text("é \u{1F408}"))
        }
    }

    @Test("Rows that do not fit are refused, all of them") func refuses() async throws {
        try await withTemporaryFolder { folder in
            let store = try FeatureStore(at: folder.appending(path: "features.sqlite"), clock: .fixed(Self.minute(10)))
            try await store.register(Self.visits())
            try await store.register(Self.visits())
            await #expect(throws: MLOpsError.self) { try await store.register(Self.visits(.seconds(1))) }
            let good = FeatureRow("gate", at: Self.minute(1), ["dogs": .integer(1)])
            let bad = [
                FeatureRow("gate", at: Self.minute(1), ["dogs": .number(1)]),
                FeatureRow("gate", at: Self.minute(1), ["cats": .integer(1)]),
                FeatureRow("gate", at: Self.minute(1), ["light": .number(.nan)]),
                FeatureRow("gate", at: Self.minute(1), created: Self.minute(11), ["dogs": .integer(1)]),
            ]
            for row in bad {
                await #expect(throws: MLOpsError.self) { try await store.append([good, row], to: "visits") }
            }
            #expect(try await store.materialize("visits").rows == 0)
            await #expect(throws: MLOpsError.self) { try await store.append([good], to: "unknown") }
            #expect(throws: MLOpsError.self) { try FeatureView(name: "x", entity: "y", columns: []) }
            #expect(try await store.views() == [Self.visits()])
        }
    }
}
