#if PostgreSQL
    internal import Foundation
    internal import MLOpsCore
    internal import MLOpsData

    /// The records of a ``PostgreSQLSource``.
    struct PostgreSQLRecords: AsyncSequence, Sendable {
        typealias Element = SourcedRecord<RawRecord>
        typealias Failure = any Error

        let source: PostgreSQLSource
        let start: Int

        func makeAsyncIterator() -> Iterator { Iterator(source: source, offset: start) }

        struct Iterator: AsyncIteratorProtocol {
            let source: PostgreSQLSource
            var offset: Int
            private var connection: PostgreSQLConnection?
            private var page: ArraySlice<RawRecord> = []
            private var isAtEnd = false

            init(source: PostgreSQLSource, offset: Int) {
                self.source = source
                self.offset = offset
            }

            mutating func next() async throws -> SourcedRecord<RawRecord>? {
                if page.isEmpty, !isAtEnd {
                    page = try await nextPage()
                    // The connection and its transaction are of no more use.
                    if page.isEmpty { (isAtEnd, connection) = (true, nil) }
                }
                guard let record = page.popFirst() else { return nil }
                offset += 1
                return SourcedRecord(record, next: SourcePosition(offset: offset))
            }

            private mutating func nextPage() async throws -> ArraySlice<RawRecord> {
                if let connection { return try await connection.run { [source] in try Self.page($0, source) } }
                let opened = PostgreSQLConnection(source.connection)
                connection = opened
                return try await opened.run { [source, offset] session in
                    try session.open()
                    try session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    try session.execute("DECLARE mlops_source NO SCROLL CURSOR FOR \(source.sql)")
                    if offset > 0 { try session.execute("MOVE FORWARD \(offset) FROM mlops_source") }
                    return try Self.page(session, source)
                }
            }

            /// The next records: at most 256, or fewer above 8 MiB; none at the end.
            private static func page(
                _ session: PostgreSQLSession, _ source: PostgreSQLSource
            ) throws -> ArraySlice<RawRecord> {
                var records: ArraySlice<RawRecord> = []
                var size = 0
                while size < 8 << 20, records.count < 256 {
                    guard let row = try session.nextRow(orSend: "FETCH FORWARD 256 FROM mlops_source") else { break }
                    let record = record(of: row, source)
                    size += record.heldBytes
                    records.append(record)
                }
                return records
            }

            private static func record(of row: [Data?], _ source: PostgreSQLSource) -> RawRecord {
                /// The text of a column, which is UTF-8 as the connection asks for.
                func text(_ index: Int) -> String? {
                    index < row.count ? row[index].map { String(decoding: $0, as: UTF8.self) } : nil
                }
                var record = RawRecord(id: text(0) ?? "", bytes: Data())
                if source.labelColumn != nil { record.label = text(3) }
                for (i, name) in source.attributeColumns.enumerated() {
                    record.attributes[name] = text(i + (source.labelColumn == nil ? 3 : 4))
                }
                if record.id.isEmpty {
                    record.readFailure = "There is no key in '\(source.keyColumn)'."
                } else if let fault = RawRecord.fault(inID: record.id) {
                    record.readFailure = fault
                } else if let content = row.count > 1 ? row[1] : nil {
                    record.bytes = content
                } else if let count = text(2) {
                    record.readFailure = "The content has \(count) bytes; the limit is \(source.maxBytes)."
                } else {
                    record.readFailure = "There is no content in '\(source.contentColumn)'."
                }
                return record
            }
        }
    }
#endif
