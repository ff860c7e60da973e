import Foundation
import MLOps
import MLOpsONNX
import MLOpsTensor

/// A test report with where its page lies.
struct TestSummary: Codable, CustomStringConvertible {
    var report: TestReport
    var page: String
    /// The photographs of a folder that could not be tested on.
    var rejected: [Rejection] = []

    var description: String {
        var lines = ["Test of \(report.package.short) on \(report.count) pictures: \(report.verdict.rawValue)"]
        if !rejected.isEmpty {
            lines.append("  rejected: \(rejected.count)")
            lines += Rejection.lines(rejected, of: rejected.count)
        }
        let shown = ["accuracy"] + report.classes.flatMap { ["precision.\($0)", "recall.\($0)", "f1.\($0)"] }
        for name in shown {
            if let estimate = try? report.estimate(of: name) {
                lines.append("  \(name.padding(toLength: 14, withPad: " ", startingAt: 0)) \(estimate)")
            }
        }
        lines += report.findings.map { "  \($0.requirement): \($0.verdict.rawValue)" }
        lines.append("  report: \(page)")
        return lines.joined(separator: "\n")
    }
}

extension Park {
    /// Measures a package on the test split, or on a folder of photographs; the candidate's result becomes evidence.
    func test(model: URL? = nil, photos: URL? = nil) async throws -> TestSummary {
        let package = try model.map { try ModelPackage(contentsOf: $0) } ?? candidate()
        guard let preprocessing = package.manifest.preprocessing else {
            throw MLOpsError(
                .invalidArgument, "The package '\(package.manifest.name)' is not one for pictures.",
                help: "Give the folder of a package that PetPark trained.")
        }
        let (version, split, rejected) = try await testData(photos)
        let dataset = try await split.test(from: datasets, preprocessing: preprocessing)
        let labels = package.manifest.labels
        guard dataset.labels.allSatisfy(labels.contains) else {
            throw MLOpsError(
                .invalidArgument, "The pictures have the classes \(dataset.labels), the model \(labels).",
                help: "Name the sub-folders like the model's classes.")
        }
        let cameras = Dictionary(uniqueKeysWithValues: dataset.entries.map { ($0.id, $0.attributes) })
        let evaluation = Evaluation<LabeledImage>(threshold: package.manifest.threshold, progress: progress) {
            example in
            .init(
                id: example.id, label: labels.firstIndex(of: dataset.labels[example.label]) ?? 0,
                slices: (cameras[example.id] ?? [:]).filter { ["camera", "light"].contains($0.key) })
        }
        let predictor = try await ONNXModelRuntime(compute: Compute(threads: threads)).predictor(for: package)
        let outcomes = try await evaluation.outcomes(on: dataset, by: predictor, output: "probabilities") { examples in
            ["image": try TensorValue(images: examples.map(\.image))]
        }
        let history = FileManager.default.contents(
            atPath: packageFolder(package.digest).appendingPathComponent("history.json").path)
        let report = try TestReport(
            model: package.manifest.name, package: package.digest, dataset: version.digest, classes: labels,
            outcomes: outcomes, requirements: [Requirement("accuracy", .atLeast, settings.requiredAccuracy)],
            history: history.map { try CanonicalJSON.decode([EpochMetrics].self, from: $0) } ?? [])
        let entries = Dictionary(uniqueKeysWithValues: dataset.entries.map { ($0.id, $0) })
        let html = try await report.html { id in
            guard let entry = entries[id] else { return nil }
            let bytes = Array(try await datasets.bytes(of: entry))
            return (bytes, bytes.first == 0x89 ? "image/png" : "image/jpeg")
        }
        // Other photographs get a page of their own beside the test split's.
        let subject = photos == nil ? package.digest.short : "\(package.digest.short)-\(version.digest.short)"
        let page = try write(report: Data(html.utf8), named: "test-\(subject).html")
        _ = try write(report: report.json(), named: "test-\(subject).json")
        if model == nil, photos == nil { try await record(report.evidence(issuer: "PetPark test", at: clock.now())) }
        return TestSummary(report: report, page: page.path, rejected: rejected)
    }

    /// The park's own split, or a folder of other photographs of which all are for testing.
    private func testData(_ photos: URL?) async throws -> (DatasetVersion, DatasetSplit, rejected: [Rejection]) {
        guard let photos else {
            let split = try currentSplit()
            return (split.version, split, [])
        }
        let ingestion = Ingestion("test-\(Digest(of: Data(photos.path.utf8)).short)", minimumClasses: 1)
        let version = try await ingestion.run(
            from: ImageFolderSource(at: photos), into: datasets, progress: progress
        ).version
        let rejected = try datasets.rejections(of: version.digest)
        return (version, try Split(seed: 0, train: 0, validation: 0)(version), rejected)
    }
}
