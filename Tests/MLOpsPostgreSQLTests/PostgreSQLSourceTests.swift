#if PostgreSQL
    import Foundation
    import MLOpsCore
    import MLOpsData
    import MLOpsPostgreSQL
    import MLOpsTestKit
    import Testing

    /// Against the server in `MLOPS_TEST_POSTGRESQL`, which takes URIs, with `psql`; `.ci/oracles.d/postgresql` starts one.
    @Suite(
        "Sources in PostgreSQL", .timeLimit(.minutes(2)),
        .enabled(if: ProcessInfo.processInfo.environment["MLOPS_TEST_POSTGRESQL"] != nil, "no server"))
    struct PostgreSQLSourceTests {
        private let server = ProcessInfo.processInfo.environment["MLOPS_TEST_POSTGRESQL"] ?? ""

        /// Runs statements as another program.
        private func psql(_ sql: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", sql]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(sql)")
        }

        /// A table of rows 1…rows, of i bytes each, every other one labeled.
        private func makeTable(rows: Int) throws -> String {
            let name = "photo_\(UUID().uuidString.prefix(8).lowercased())"
            try psql(
                """
                CREATE TABLE \(name) (id bigint PRIMARY KEY, bytes bytea, label text, camera double precision);
                INSERT INTO \(name) SELECT i * 2, decode(repeat(lpad(to_hex(i % 256), 2, '0'), i % 1000), 'hex'),
                    CASE WHEN i % 2 = 0 THEN 'cat' END, i + 0.5 FROM generate_series(1, \(rows)) AS i;
                """)
            return name
        }

        private func read(_ source: PostgreSQLSource) async throws -> [RawRecord] {
            var records: [RawRecord] = []
            for try await sourced in source.records(from: .start) { records.append(sourced.record) }
            return records
        }

        private func errorCode(_ source: PostgreSQLSource) async -> MLOpsError.Code? {
            await #expect(throws: MLOpsError.self) { _ = try await read(source) }?.code
        }

        @Test("Rows come in the order of their keys, and the source passes the exam") func readsRows() async throws {
            let table = try makeTable(rows: 600)
            let source = PostgreSQLSource(at: server, table: table, attributeColumns: ["camera"])
            let records = try await read(source)
            #expect(records.map(\.id) == (1...600).map { "\($0 * 2)" })
            #expect(
                records[1] == RawRecord(id: "4", bytes: Data([2, 2]), label: "cat", attributes: ["camera": "2.5"]))
            #expect(records[2].label == nil && records[599].bytes == Data(repeating: 88, count: 600))
            try await DataSourceExam(
                of: source,
                missing: PostgreSQLSource(at: "postgresql://127.0.0.1:9/none", table: table)
            ).run()
            let query = PostgreSQLSource(at: server, table: "SELECT * FROM \(table) WHERE label IS NOT NULL")
            #expect(try await read(query).count == 300)
            #expect(try await read(PostgreSQLSource(at: server, table: "public.\(table)")).count == 600)
        }

        @Test("A table that is written during the reading gives the rows of its beginning") func isOneSnapshot()
            async throws
        {
            let table = try makeTable(rows: 2000)
            let source = PostgreSQLSource(at: server, table: table)
            let before = try await read(source)
            var during: [RawRecord] = []
            for try await sourced in source.records(from: .start) {
                during.append(sourced.record)
                guard during.count == 1 else { continue }
                try psql(
                    "DELETE FROM \(table) WHERE id > 1000; UPDATE \(table) SET label = 'dog'; INSERT INTO \(table) VALUES (3, 'x', 'new', 1)"
                )
            }
            #expect(during == before)
            #expect(try await read(source).count == 501)
        }

        @Test("A reading goes on at its position in the order of the key") func resumes() async throws {
            let table = try makeTable(rows: 1000)
            let source = PostgreSQLSource(at: server, table: table)
            var rest: [String] = []
            for try await sourced in source.records(from: SourcePosition(offset: 700)) {
                rest.append(sourced.record.id)
            }
            #expect(rest == (701...1000).map { "\($0 * 2)" })
        }

        @Test("Rows without a key, without content or above the limit are refused, none is lost") func badRows()
            async throws
        {
            let table = "odd_\(UUID().uuidString.prefix(8).lowercased())"
            try psql(
                """
                CREATE TABLE "\(table) ""x"" y" (key text, bytes text, label text);
                INSERT INTO "\(table) ""x"" y" VALUES ('a', 'é', 'ü'), ('b', NULL, 'x'), (NULL, 'c', 'x'), ('', 'c', 'x'),
                    (E'd\\ne', 'c', 'x'), ('f', repeat('x', 101), 'x'), ('g', '', NULL);
                """)
            let source = PostgreSQLSource(at: server, table: "\(table) \"x\" y", keyColumn: "key", maxBytes: 100)
            let records = try await read(source)
            #expect(records.count == 7)
            let good = records.filter { $0.readFailure == nil }
            #expect(good == [RawRecord(id: "a", bytes: Data("é".utf8), label: "ü"), RawRecord(id: "g", bytes: Data())])
            let reasons = records.compactMap(\.readFailure)
            #expect(
                reasons.filter { $0.contains("no key") }.count == 2 && reasons.contains { $0.contains("U+000A") }
                    && reasons.contains { $0.contains("101 bytes") }, "\(reasons)")
            #expect(reasons.contains { $0.contains("no content") })
        }

        @Test("Servers, databases, tables and words that are not there are told apart") func errors() async throws {
            let table = try makeTable(rows: 1)
            #expect(await errorCode(PostgreSQLSource(at: server, table: "no_table")) == .invalidArgument)
            #expect(await errorCode(PostgreSQLSource(at: server, table: table, labelColumn: "x")) == .invalidArgument)
            #expect(await errorCode(PostgreSQLSource(at: server + "_none", table: table)) == .notFound)
            #expect(await errorCode(PostgreSQLSource(at: "postgresql://127.0.0.1:9/x", table: table)) == .unavailable)
            let secret = PostgreSQLSource(at: "password=hush hush-again", table: table)
            let error = await #expect(throws: MLOpsError.self) { _ = try await read(secret) }
            #expect(error?.code == .invalidArgument && error.map { "\($0)".contains("hush") } == false)
        }

        @Test("A connection that the server ends throws, and a later reading goes on there") func lostConnection()
            async throws
        {
            let table = try makeTable(rows: 5000)
            let source = PostgreSQLSource(at: server + "?application_name=\(table)", table: table)
            var first: [String] = []
            let error = await #expect(throws: MLOpsError.self) {
                for try await sourced in source.records(from: .start) {
                    first.append(sourced.record.id)
                    if first.count == 1 {
                        try psql(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(table)'"
                        )
                    }
                }
            }
            #expect(error?.code == .unavailable && first.count < 5000)
            for try await sourced in source.records(from: SourcePosition(offset: first.count)) {
                first.append(sourced.record.id)
            }
            #expect(first == (1...5000).map { "\($0 * 2)" })
        }

        @Test("A reading that is cancelled stops the query") func cancellation() async throws {
            let slow = PostgreSQLSource(
                at: server, table: "SELECT 1 AS id, pg_sleep(60)::text::bytea AS bytes, 'x' AS label")
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await read(slow) }
                try? await Task.sleep(for: .milliseconds(300))
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            // A query that went on would hold its table still: the server has none of it left.
            try psql(
                """
                DO $$ BEGIN
                    FOR i IN 1..100 LOOP
                        PERFORM pg_stat_clear_snapshot();
                        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                            AND state = 'active' AND query LIKE '%pg_sleep(60)%');
                        ASSERT i < 100, 'the query goes on';
                        PERFORM pg_sleep(0.05);
                    END LOOP;
                END $$
                """)
        }

        @Test("Memory does not grow with the table: 100,000 rows of 2 KB") func memory() async throws {
            let table = "large_\(UUID().uuidString.prefix(8).lowercased())"
            try psql(
                "CREATE TABLE \(table) AS SELECT i AS id, convert_to(repeat(md5(i::text), 64), 'UTF8') AS bytes, 'x' AS label "
                    + "FROM generate_series(1, 100000) AS i; CREATE UNIQUE INDEX ON \(table) (id)")
            func peak() -> Int {
                let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
                return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
                    .flatMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0) } } ?? 0
            }
            let before = peak()
            var count = 0
            var bytes = 0
            for try await sourced in PostgreSQLSource(at: server, table: table).records(from: .start) {
                count += 1
                bytes += sourced.record.bytes.count
            }
            print("PostgreSQL: 100,000 rows of 2 KB raised the peak by \(peak() - before) KiB")
            // Other tests run at the same time; all rows together are 200 MB.
            #expect(count == 100_000 && bytes == 204_800_000 && peak() - before < 64_000)
        }

        @Test("An ingestion accounts for every row") func ingestion() async throws {
            let table = try makeTable(rows: 900)
            let folder = FileManager.default.temporaryDirectory.appending(path: "pg-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let report = try await Ingestion("rows", checks: [.labeled], minimumClasses: 1).run(
                from: PostgreSQLSource(at: server, table: table, maxBytes: 500), into: DatasetStore(at: folder))
            #expect(report.accepted == 250 && report.accepted + report.rejected == 900)
        }
    }
#endif
