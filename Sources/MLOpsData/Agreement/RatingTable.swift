internal import MLOpsCore

/// What several annotators said of the same things: a label each, or nothing.
public struct RatingTable: Sendable, Hashable {
    /// The things, such as pictures.
    public let items: [String]
    /// The annotators.
    public let annotators: [String]
    /// The labels, [items, annotators]; `nil` where an annotator said nothing.
    public let ratings: [[String?]]

    /// Makes a table.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when a row or a column is missing, or a name is there twice.
    public init(items: [String], annotators: [String], ratings: [[String?]]) throws {
        guard ratings.count == items.count, ratings.allSatisfy({ $0.count == annotators.count }) else {
            throw MLOpsError(
                .invalidArgument, "The ratings are not \(items.count) rows of \(annotators.count).",
                help: "Give a row for each item, and in it a label or nil for each annotator.")
        }
        guard Set(items).count == items.count, Set(annotators).count == annotators.count else {
            throw MLOpsError(
                .invalidArgument, "An item or an annotator is named twice.", help: "Give each a name of its own.")
        }
        (self.items, self.annotators, self.ratings) = (items, annotators, ratings)
    }

    /// Makes the table of the labels that annotators gave whole pictures.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when an annotator gave a picture two labels.
    public init(imageLabelsOf set: AnnotationSet) throws {
        var places: [String: Int] = [:]
        var annotators: [String] = []
        let marks = set.images.map { $0.annotations.filter { $0.shape == .picture && $0.annotator != nil } }
        for name in marks.lazy.joined().compactMap(\.annotator).sorted() where places[name] == nil {
            places[name] = annotators.count
            annotators.append(name)
        }
        var ratings: [[String?]] = []
        for (image, marks) in zip(set.images, marks) {
            var row = [String?](repeating: nil, count: annotators.count)
            for mark in marks {
                guard let place = mark.annotator.flatMap({ places[$0] }) else { continue }
                guard row[place] == nil || row[place] == mark.label else {
                    throw MLOpsError(
                        .invalidArgument, "'\(annotators[place])' gave '\(image.file)' two labels.",
                        help: "Agreement is measured for one label a picture.")
                }
                row[place] = mark.label
            }
            ratings.append(row)
        }
        try self.init(items: set.images.map(\.file), annotators: annotators, ratings: ratings)
    }

    /// How much the annotators disagree on an item: the share of pairs of labels that differ, in 0…1; 0 for less than
    /// two labels.
    public func disagreement(on item: Int) -> Double { Self.disagreement(ratings[item].compactMap { $0 }) }

    static func disagreement(_ labels: [String]) -> Double {
        guard labels.count > 1 else { return 0 }
        let counts = labels.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        let equal = counts.values.reduce(0) { $0 + $1 * ($1 - 1) }
        return 1 - Double(equal) / Double(labels.count * (labels.count - 1))
    }

    /// The labels in use, in the order of their UTF-8 bytes.
    var labels: [String] {
        Set(ratings.lazy.joined().compactMap { $0 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The index of each label of an order that must hold all of them.
    func indices(in order: [String]) throws -> [String: Int] {
        let indices = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
        guard indices.count == order.count, let missing = labels.first(where: { indices[$0] == nil }) else {
            if indices.count == order.count { return indices }
            throw MLOpsError(
                .invalidArgument, "The order \(order) names a label twice.", help: "Name each label once.")
        }
        throw MLOpsError(
            .invalidArgument, "The order \(order) has no '\(missing)', which was given.",
            help: "Name all labels, from least to most.")
    }
}

extension MLOpsError {
    /// The error for agreement that can't be told from chance, as all labels are one.
    static func undefinedAgreement(_ what: String) -> MLOpsError {
        MLOpsError(
            .insufficientData,
            "\(what) is not defined: fewer than two labels were given to items that two annotators "
                + "saw.",
            help: "Rate more items; where all labels are equal, agreement can't be told from chance.")
    }
}
