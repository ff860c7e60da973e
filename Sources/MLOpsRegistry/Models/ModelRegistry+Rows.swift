internal import Foundation
internal import GRDB
internal import MLOpsCore

extension ModelRegistry {
    static func versions(_ db: Database, where condition: String, _ arguments: StatementArguments) throws
        -> [ModelVersion]
    {
        let sql = "SELECT * FROM version WHERE \(condition) ORDER BY model, number"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            ModelVersion(
                model: row["model"], number: row["number"], package: try row.digest("package"),
                registeredBy: row["who"],
                reason: row["why"], run: row["run"], registeredAt: Date(milliseconds: row["at"]))
        }
    }

    static func version(_ db: Database, _ number: Int, of model: String) throws -> ModelVersion {
        if let version = try versions(db, where: "model = ? AND number = ?", [model, number]).first { return version }
        let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM version WHERE model = ?", arguments: [model])
        throw MLOpsError(
            .notFound, "There is no version \(number) of the model '\(model)'.",
            help: last.map { "Its versions go from 1 to \($0)." } ?? "No model of that name is registered.")
    }

    /// Registration as lineage: the version came from the package, the package from its run.
    static func lineage(of version: ModelVersion) -> [LineageEvent] {
        let package = LineageNode(.package, version.package.description)
        return [
            LineageEvent(
                version.node, from: [package], by: "registered", at: version.registeredAt,
                attributes: ["by": version.registeredBy, "why": version.reason]),
            LineageEvent(
                package, from: version.run.map { [LineageNode(.run, $0)] } ?? [], by: "packaged",
                at: version.registeredAt, attributes: ["registeredAs": version.description]),
        ]
    }

    static func check(name: String, _ what: String) throws {
        let isClean = !name.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "/" }
        guard isClean, !name.trimmingCharacters(in: .whitespaces).isEmpty, name.utf8.count <= 250 else {
            throw MLOpsError(
                .invalidArgument, "'\(name.prefix(300))' can't name a \(what).",
                help: "Use 1 to 250 bytes without '/' and control characters.")
        }
    }

    static func check(who: String, why: String) throws {
        for (value, what) in [(who, "Who did it"), (why, "Why")]
        where value.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
            throw MLOpsError(
                .invalidArgument, "\(what) is '\(value)', but the log must say it.",
                help: "Name the person or program, and give the reason in a few words.")
        }
    }
}
