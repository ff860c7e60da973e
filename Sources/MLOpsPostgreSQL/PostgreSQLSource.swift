#if PostgreSQL
    internal import Foundation
    internal import MLOpsCore
    public import MLOpsData

    /// A ``DataSource`` of the rows of a PostgreSQL table or query, in the order of a key.
    ///
    /// A reading is one cursor of the server in one read-only transaction at the level REPEATABLE READ: all its rows are
    /// those of one moment, and writers wait for nothing. Rows come one by one over the connection, so memory holds
    /// 8 MiB and the largest row, whatever the size of the table. A row without a key, or with a content above the
    /// limit, is a record with a read failure. When the connection is lost, the sequence throws, and the next run goes
    /// on at its position in the order of the key.
    public struct PostgreSQLSource: DataSource {
        /// How to connect: a URI or key words, as libpq takes them, such as `postgresql://reader@db.local/park`.
        let connection: String
        /// A table's name, with its schema before a dot if need be, or a query that begins with SELECT or WITH.
        public var table: String
        /// The column that orders the rows and is their id, unique.
        public var keyColumn: String
        /// The column of a record's bytes: `bytea`, or `text`, whose UTF-8 is taken.
        public var contentColumn: String
        /// The column of labels; `nil` when there is none.
        public var labelColumn: String?
        /// The columns that become attributes, as their text; NULL is none.
        public var attributeColumns: [String]
        /// The most bytes that a record may have; a larger one has a read failure.
        public var maxBytes: Int

        /// Makes a source of a table or query; a connection is opened when records are asked for.
        ///
        /// - Parameter connection: how to connect, as libpq takes it; it may hold a password, and is in no error.
        public init(
            at connection: String, table: String, keyColumn: String = "id", contentColumn: String = "bytes",
            labelColumn: String? = "label", attributeColumns: [String] = [], maxBytes: Int = 64 << 20
        ) {
            self.connection = connection
            self.table = table
            self.keyColumn = keyColumn
            self.contentColumn = contentColumn
            self.labelColumn = labelColumn
            self.attributeColumns = attributeColumns
            self.maxBytes = maxBytes
        }

        /// Streams the records from `position` on.
        ///
        /// The sequence throws ``MLOpsError``: `unavailable` when the server can't be reached or the connection is lost,
        /// `notFound` for a database that is not there, `invalidArgument` for a table or column that is not, `external`
        /// when the server refuses.
        public func records(
            from position: SourcePosition
        ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
            PostgreSQLRecords(source: self, start: position.offset)
        }

        /// The query: key, content, its size, the label if there is one, and the attributes.
        ///
        /// All columns are asked for in the binary format, in which a text is its UTF-8 and `bytea` its bytes.
        var sql: String {
            func column(_ name: String) -> String { "source." + Self.quoted(name) }
            func text(_ name: String) -> String { column(name) + "::text" }
            let isQuery =
                table.range(of: #"^\s*(select|with)\s"#, options: [.regularExpression, .caseInsensitive]) != nil
            let name = table.split(separator: ".", omittingEmptySubsequences: false).map { Self.quoted(String($0)) }
            let content = column(contentColumn)
            // The size is checked before the content is sent.
            let columns =
                [text(keyColumn), "CASE WHEN octet_length(\(content)) <= \(maxBytes) THEN \(content) END"]
                + ["octet_length(\(content))::text"]
                + ((labelColumn.map { [$0] } ?? []) + attributeColumns).map(text)
            return "SELECT \(columns.joined(separator: ", ")) "
                + "FROM \(isQuery ? "(\(table))" : name.joined(separator: ".")) AS source ORDER BY \(column(keyColumn))"
        }

        private static func quoted(_ name: String) -> String {
            "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        }
    }
#endif
