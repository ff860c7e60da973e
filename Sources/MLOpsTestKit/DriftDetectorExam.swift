public import MLOpsMonitor

internal import MLOpsCore

/// The exam of ``DriftDetector``: equal columns pass, moved ones fail, few values are insufficient, bad ones throw.
public struct DriftDetectorExam: Sendable {
    private let detector: any DriftDetector
    private let same: FeatureColumn
    private let moved: FeatureColumn
    private let reference: FeatureColumn

    /// An exam of a detector of numbers.
    public init(numeric detector: any DriftDetector) {
        var generator = SeededGenerator(seed: 41)
        self.detector = detector
        reference = FeatureColumn("exam", (0..<2000).map { _ in generator.normal() })
        same = FeatureColumn("exam", (0..<2000).map { _ in generator.normal() })
        moved = FeatureColumn("exam", (0..<2000).map { _ in generator.normal() + 2 })
    }

    /// An exam of a detector of categories.
    public init(categorical detector: any DriftDetector) {
        var generator = SeededGenerator(seed: 42)
        self.detector = detector
        reference = FeatureColumn("exam", categories: (0..<2000).map { _ in generator.uniform() < 0.5 ? "cat" : "dog" })
        same = FeatureColumn("exam", categories: (0..<2000).map { _ in generator.uniform() < 0.5 ? "cat" : "dog" })
        moved = FeatureColumn("exam", categories: (0..<2000).map { _ in generator.uniform() < 0.05 ? "cat" : "dog" })
    }

    /// Runs the exam; throws ``ExamFailure`` at the first promise that is not kept.
    public func run() async throws {
        let calm = try detector.verdict(on: same, against: reference)
        try require(calm.verdict == .pass, "columns of one distribution must pass, but the verdict is \(calm)")
        try require(calm.feature == "exam", "the verdict must name the feature 'exam', but it names '\(calm.feature)'")
        try require(
            calm.recentCount == 2000 && calm.referenceCount == 2000,
            "the verdict must count 2000 values on each side, but it counts \(calm.recentCount), \(calm.referenceCount)")
        try require(!calm.method.isEmpty, "the verdict must name its method")
        let again = try detector.verdict(on: same, against: reference)
        try require(calm == again, "equal columns must give equal verdicts, but \(calm) and \(again) differ")
        let alarm = try detector.verdict(on: moved, against: reference)
        try require(alarm.verdict == .fail, "columns far apart must fail, but the verdict is \(alarm)")
        try require(
            alarm.distance > calm.distance, "a larger difference must have a larger distance: \(alarm), \(calm)")
        if let p = alarm.pValue { try require((0...1).contains(p), "a p-value lies in 0…1, but it is \(p)") }
        let few = try detector.verdict(on: prefix(moved, 0), against: reference)
        try require(few.verdict == .insufficient, "no recent values must be insufficient, but the verdict is \(few)")
        let none = try detector.verdict(on: moved, against: prefix(reference, 0))
        try require(none.verdict == .insufficient, "no reference must be insufficient, but the verdict is \(none)")
        guard case .numeric(let numbers) = same.values else { return }
        for bad in [Double.nan, .infinity] {
            try await requireError(.invalidArgument, "the value \(bad) must throw invalidArgument") {
                _ = try detector.verdict(on: FeatureColumn("exam", numbers + [bad]), against: reference)
            }
        }
    }

    private func prefix(_ column: FeatureColumn, _ count: Int) -> FeatureColumn {
        switch column.values {
        case .numeric(let values): FeatureColumn(column.name, Array(values.prefix(count)))
        case .categorical(let values): FeatureColumn(column.name, categories: Array(values.prefix(count)))
        }
    }
}
