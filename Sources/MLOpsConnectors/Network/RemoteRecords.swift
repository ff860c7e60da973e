internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// The records of a listing, fetched several at once and handed on in order.
///
/// One that the server failed to give, try after try, is refused when the server gives a later one; when it fails for
/// `failuresInARow` of them, the sequence throws before the first of those, so that a run goes on there.
struct RemoteRecords<Listing: RemoteListing>: AsyncSequence, Sendable {
    typealias Element = SourcedRecord<RawRecord>
    typealias Failure = any Error

    let listing: Listing
    let start: Int
    let concurrency: Int
    let failuresInARow: Int

    func makeAsyncIterator() -> Iterator { Iterator(records: self) }

    struct Iterator: AsyncIteratorProtocol {
        private var listing: Listing
        private let concurrency: Int
        private let failuresInARow: Int
        private var position: Int
        private var toSkip: Int
        private var waiting: ArraySlice<RemoteObject> = []
        private var isListed = false
        private var ready: ArraySlice<RawRecord> = []
        /// Those that the server failed to give since the last that it gave.
        private var held: [RawRecord] = []
        private var failure: (any Error)?
        private var gaveAny = false

        init(records: RemoteRecords) {
            listing = records.listing
            concurrency = Swift.max(1, records.concurrency)
            failuresInARow = Swift.max(1, records.failuresInARow)
            position = records.start
            toSkip = records.start
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            while true {
                if let record = ready.popFirst() {
                    position += 1
                    return SourcedRecord(record, next: SourcePosition(offset: position))
                }
                if let failure, held.count >= failuresInARow { throw failure }
                try await fillWaiting()
                guard !waiting.isEmpty else {
                    guard !held.isEmpty else { return nil }
                    if let failure, !gaveAny { throw failure }
                    ready = held[...]
                    held = []
                    continue
                }
                let objects = waiting.prefix(concurrency)
                waiting.removeFirst(objects.count)
                // A slice keeps what was taken from it.
                ready = []
                for outcome in try await Self.fetch(objects) { take(outcome) }
            }
        }

        private mutating func fillWaiting() async throws {
            while waiting.count < concurrency, !isListed {
                let page = try await listing.next()
                isListed = page.isEmpty
                let skipped = Swift.min(toSkip, page.count)
                toSkip -= skipped
                waiting += page.dropFirst(skipped)
            }
        }

        private mutating func take(_ outcome: Outcome) {
            // After enough failures nothing more is taken: the next run asks for it again.
            if held.count >= failuresInARow { return }
            if let error = outcome.failure {
                held.append(outcome.record)
                failure = error
            } else {
                ready += held
                held = []
                ready.append(outcome.record)
                gaveAny = true
            }
        }

        private struct Outcome: Sendable {
            var record: RawRecord
            /// What the server failed with; `nil` when it gave the record, or said why there is none.
            var failure: (any Error)?
        }

        private static func fetch(_ objects: ArraySlice<RemoteObject>) async throws -> [Outcome] {
            try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
                for (index, object) in objects.enumerated() {
                    group.addTask { (index, try await outcome(of: object)) }
                }
                var outcomes: [Int: Outcome] = [:]
                for try await (index, outcome) in group { outcomes[index] = outcome }
                return (0..<objects.count).compactMap { outcomes[$0] }
            }
        }

        private static func outcome(of object: RemoteObject) async throws -> Outcome {
            var record = RawRecord(
                id: object.id, bytes: Data(), label: object.label, attributes: object.attributes)
            do { record.bytes = try await object.fetch() } catch let error as MLOpsError {
                record.readFailure = error.message
                return Outcome(record: record, failure: error.code == .unavailable ? error : nil)
            }
            return Outcome(record: record)
        }
    }
}
