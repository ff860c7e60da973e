public import MLOpsCore

/// Judges whether recent values still look like the reference.
///
/// Promises of a conformer: it is a pure function of its two columns and its own properties; too few values give the
/// verdict `insufficient`, never a guess; values that are not finite throw ``MLOpsError`` with `invalidArgument`.
public protocol DriftDetector: Sendable {
    /// Compares `recent` with `reference`.
    func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict
}

/// The values of one feature: numbers or categories.
public struct FeatureColumn: Sendable, Hashable {
    /// The values.
    public enum Values: Sendable, Hashable {
        /// Numbers.
        case numeric([Double])
        /// Categories.
        case categorical([String])
    }

    /// The name of the feature, such as `brightness`.
    public var name: String
    /// The values.
    public var values: Values

    /// Makes a column of numbers.
    public init(_ name: String, _ values: [Double]) {
        self.name = name
        self.values = .numeric(values)
    }

    /// Makes a column of categories.
    public init(_ name: String, categories: [String]) {
        self.name = name
        self.values = .categorical(categories)
    }

    /// The number of values.
    public var count: Int {
        switch values {
        case .numeric(let values): values.count
        case .categorical(let values): values.count
        }
    }
}

/// What a drift detector found; `pass` means that no drift was found.
public struct DriftVerdict: Sendable, Hashable, Codable {
    /// Pass (no drift), fail (drift), or too few values.
    public var verdict: Verdict
    /// The name and version of the method, such as `ks.1` or `psi.1`.
    public var method: String
    /// The feature's name.
    public var feature: String
    /// How different the columns are, in the method's own unit; larger is more different.
    public var distance: Double
    /// The distance above which the verdict is fail.
    public var threshold: Double
    /// The probability of such a distance without drift; `nil` for methods without one.
    public var pValue: Double?
    /// The number of recent values.
    public var recentCount: Int
    /// The number of reference values.
    public var referenceCount: Int

    /// Makes a verdict.
    public init(
        _ verdict: Verdict, method: String, feature: String, distance: Double, threshold: Double, pValue: Double? = nil,
        recentCount: Int, referenceCount: Int
    ) {
        self.verdict = verdict
        self.method = method
        self.feature = feature
        self.distance = distance
        self.threshold = threshold
        self.pValue = pValue
        self.recentCount = recentCount
        self.referenceCount = referenceCount
    }
}
