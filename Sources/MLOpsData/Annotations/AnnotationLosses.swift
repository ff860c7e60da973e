internal import MLOpsCore

/// Counts what a conversion loses, so that it can be refused or allowed by name.
public struct AnnotationLosses: Sendable, Hashable {
    /// How often each feature is lost.
    public private(set) var counts: [AnnotationFeature: Int] = [:]

    /// Starts with nothing lost.
    public init() {}

    /// Notes that something is lost.
    public mutating func add(_ feature: AnnotationFeature) { counts[feature, default: 0] += 1 }

    /// Does nothing when all that is lost was allowed.
    ///
    /// - Throws: ``MLOpsError`` with `unsupported` that names each other loss, and how often it happens.
    public func check(allowing allowed: Set<AnnotationFeature>, _ activity: String) throws {
        let refused = counts.filter { !allowed.contains($0.key) }.sorted { $0.key.rawValue < $1.key.rawValue }
        guard !refused.isEmpty else { return }
        throw MLOpsError(
            .unsupported,
            "\(activity) would lose " + refused.map { "\($0.key.rawValue) (\($0.value)×)" }.joined(separator: ", ")
                + ".",
            help: "Allow that loss by name (\(refused.map(\.key.rawValue).joined(separator: ", "))), "
                + "or choose a format that can hold it.")
    }
}
