public import MLOpsCore

/// The rows of one part of a split, as columns.
///
/// `Part` is in the type so that a ``Preparation`` can be fitted on ``TrainingPart`` only.
public struct TabularDataset<Part: DatasetPart>: Sendable, Hashable {
    /// The columns.
    public let table: DataTable
    /// The classes; a label is an index into them.
    public let labels: [String]
    /// The class of each row.
    public let classes: [Int]
    /// The id of each row.
    public let ids: [String]

    init(_ split: DatasetSplit, _ part: SplitPart, numbers: [String], texts: [String]) throws {
        let entries = split.entries(of: part)
        labels = split.version.labels
        table = try DataTable(of: entries, numbers: numbers, texts: texts)
        ids = entries.map(\.id)
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        classes = try entries.map { entry in
            guard let label = entry.label, let place = places[label] else {
                throw MLOpsError(
                    .invalidArgument, "'\(entry.id)' has no label.", help: "Ingest with the check `labeled`.")
            }
            return place
        }
    }

    /// The rows as a network takes them.
    ///
    /// - Throws: as ``DataTable/rows(for:)``.
    public func prepared(by preprocessing: TabularPreprocessing) throws -> InMemoryDataset<LabeledVector> {
        let features = try preprocessing.features(of: table.rows(for: preprocessing))
        let count = preprocessing.features.count
        return InMemoryDataset(
            ids.indices.map {
                LabeledVector(features[$0 * count..<($0 + 1) * count].map(Double.init), label: classes[$0], id: ids[$0])
            })
    }
}

extension DatasetSplit {
    /// The rows to learn from, of the entries' attributes.
    ///
    /// - Parameters:
    ///   - numbers: the attributes that are numbers.
    ///   - texts: the attributes that are texts.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when an entry has no label, or a text is no number.
    public func trainingRows(numbers: [String] = [], texts: [String] = []) throws -> TabularDataset<TrainingPart> {
        try TabularDataset(self, .train, numbers: numbers, texts: texts)
    }

    /// The rows to choose by; throws as ``trainingRows(numbers:texts:)``.
    public func validationRows(numbers: [String] = [], texts: [String] = []) throws -> TabularDataset<HeldOutPart> {
        try TabularDataset(self, .validation, numbers: numbers, texts: texts)
    }

    /// The rows to judge by; throws as ``trainingRows(numbers:texts:)``.
    public func testRows(numbers: [String] = [], texts: [String] = []) throws -> TabularDataset<HeldOutPart> {
        try TabularDataset(self, .test, numbers: numbers, texts: texts)
    }
}
