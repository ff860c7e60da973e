internal import MLOpsCore

/// The classes that a classifier tells apart: strings or whole numbers.
enum ClassLabels: Sendable {
    case strings([[UInt8]])
    case integers([Int])

    /// Reads `classlabels_strings`, or the attribute for whole numbers; throws `invalidArgument` when both or none are
    /// there.
    init(_ node: inout NodeReader, integers name: String) throws {
        let strings = try node.strings("classlabels_strings") ?? []
        let integers = try node.ints(name) ?? []
        guard strings.isEmpty != integers.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "There are \(strings.count) labels of text and \(integers.count) of numbers.",
                help: "Give the labels of either kind, and not of both.")
        }
        self = strings.isEmpty ? .integers(integers) : .strings(strings.map { Array($0.utf8) })
    }

    /// The number of classes.
    var count: Int {
        switch self {
        case .strings(let labels): labels.count
        case .integers(let labels): labels.count
        }
    }

    /// The type of a label.
    var elementType: ElementType { if case .strings = self { .bytes } else { .int64 } }

    /// The labels of the classes at the given places, all of which are below ``count``.
    func value(of places: [Int], in context: RunContext) throws -> Value {
        switch self {
        case .strings(let labels): try context.strings(places.map { labels[$0] }, shape: [places.count])
        case .integers(let labels): try context.integers(places.map { labels[$0] })
        }
    }

    /// All labels.
    func tensorValue() throws -> TensorValue {
        switch self {
        case .strings(let labels): try TensorValue(byteStrings: labels)
        case .integers(let labels):
            try TensorValue(
                .int64, shape: [labels.count], bytes: labels.map(Int64.init).withUnsafeBytes { Array($0) })
        }
    }
}
