import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// The operator tests of the ONNX standard, when `Tests/Oracles/onnx_node_tests.py` has written them to a folder.
@Suite struct NodeConformanceTests {
    private static let folder = ProcessInfo.processInfo.environment["MLOPS_ONNX_NODE_TESTS"]
    private static let table = ProcessInfo.processInfo.environment["MLOPS_WRITE_TABLE"]

    /// The name for cases that need more than one operator: functions that the standard writes out.
    private static let several = "several operators"

    /// The standard's suites that are not of single operators.
    private static let suites = ["simple", "pytorch-operator", "pytorch-converted", "light"]

    /// What the cases of one operator came to.
    private struct Score {
        var passed = 0
        var refused: [String] = []
        var failed: [String] = []

        mutating func add(_ folder: URL, _ model: Data, _ compute: Compute) {
            do {
                let session = try ONNXSession(model: model, compute: compute)
                if let difference = try NodeConformanceTests.difference(in: folder, session) {
                    failed.append("\(folder.lastPathComponent): \(difference)")
                } else {
                    passed += 1
                }
            } catch let error as MLOpsError where error.code == .unsupported {
                refused.append(folder.lastPathComponent)
            } catch {
                failed.append("\(folder.lastPathComponent): \(error)")
            }
        }
    }

    @Test(.enabled(if: folder != nil)) func noCaseOfAKnownOperatorComputesSomethingElse() throws {
        let root = URL(fileURLWithPath: try #require(Self.folder))
        var scores = Dictionary(uniqueKeysWithValues: OperatorTable.documentation.map { ($0.name, Score()) })
        let compute = Compute(threads: 1)
        for folder in try OperatorCase.folders(below: root) {
            let bytes = try Data(contentsOf: folder.appendingPathComponent("model.onnx"))
            let operators = Set(
                try ONNXModelProto(serializedBytes: bytes).graph.node.map {
                    $0.domain.isEmpty ? $0.opType : "\($0.domain).\($0.opType)"
                })
            guard operators.allSatisfy({ OperatorTable.documentation.map(\.name).contains($0) }) else { continue }
            let name = operators.count == 1 ? operators.first ?? "" : Self.several
            scores[name, default: Score()].add(folder, bytes, compute)
        }
        var suites: [String: Score] = [:]
        for suite in Self.suites {
            for folder in (try? OperatorCase.folders(below: root.appendingPathComponent(suite))) ?? [] {
                let bytes = try Data(contentsOf: folder.appendingPathComponent("model.onnx"))
                suites[suite, default: Score()].add(folder, bytes, compute)
            }
        }
        for (name, score) in scores.merging(suites, uniquingKeysWith: { $1 }) {
            #expect(score.failed.isEmpty, "\(name): \(score.failed.joined(separator: "\n"))")
        }
        if let table = Self.table {
            try Self.markdown(scores, suites).write(to: URL(fileURLWithPath: table), atomically: true, encoding: .utf8)
        }
    }

    /// What is wrong with the outputs of a case whose model could be opened, be it an error; `nil` when they agree.
    private static func difference(in folder: URL, _ session: ONNXSession) throws -> String? {
        do {
            let operatorCase = try OperatorCase(folder)
            let names = session.signature.inputs.map(\.name)
            let results = try session.run(Dictionary(zip(names, operatorCase.inputs)) { a, _ in a })
            return try operatorCase.difference(from: results, of: session.signature)
        } catch { return "\(error)" }
    }

    private static func markdown(_ scores: [String: Score], _ suites: [String: Score]) -> String {
        var lines = [
            "# ONNX operators", "",
            "The operators that `MLOpsONNX` reads, writes (operator set 17) and runs, and how they stand against the",
            "operator tests of the ONNX standard. *Passed* cases give the standard's outputs within its tolerances;",
            "*refused* ones throw `unsupported` when the model is opened, and say why; none gives another result. Made by",
            "`NodeConformanceTests`; do not edit.", "",
            "| operator | operator sets | passed | refused | refused cases |", "|---|---|---:|---:|---|",
        ]
        for (name, sets) in OperatorTable.documentation {
            let score = scores[name] ?? Score()
            let refused = score.refused.map { "`\($0.replacing("test_", with: ""))`" }.joined(separator: ", ")
            let counts = "\(score.passed) | \(score.refused.count)"
            lines.append("| \(name) | \(sets.lowerBound)–\(sets.upperBound) | \(counts) | \(refused) |")
        }
        if let score = scores[several] {
            let refused = score.refused.map { "`\($0.replacing("test_", with: ""))`" }.joined(separator: ", ")
            lines.append("| *\(several)* | | \(score.passed) | \(score.refused.count) | \(refused) |")
        }
        let passed = scores.values.reduce(0) { $0 + $1.passed }
        let refused = scores.values.reduce(0) { $0 + $1.refused.count }
        lines.append("| **\(OperatorTable.documentation.count) operators** | | **\(passed)** | **\(refused)** | |")
        lines += [
            "", "The standard's other suites:", "", "| suite | passed | refused | refused cases |",
            "|---|---:|---:|---|",
        ]
        for (name, score) in suites.sorted(by: { $0.key < $1.key }) {
            let refused = score.refused.map { "`\($0.replacing("test_", with: ""))`" }.joined(separator: ", ")
            lines.append("| \(name) | \(score.passed) | \(score.refused.count) | \(refused) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
