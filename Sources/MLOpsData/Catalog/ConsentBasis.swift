/// What allows personal data to be in a dataset.
///
/// Source of the cases but the first: Regulation (EU) 2016/679 (GDPR), Art. 6(1) (a)–(f).
public struct ConsentBasis: Sendable, Hashable, Codable {
    /// The kind of basis.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// There is no personal data in it.
        case noPersonalData
        /// The people in it consented.
        case consent
        /// A contract with them needs it.
        case contract
        /// A law asks for it.
        case legalObligation
        /// Somebody's life depends on it.
        case vitalInterests
        /// A task in the public interest needs it.
        case publicTask
        /// Somebody's interests, which those of the people in it do not outweigh.
        case legitimateInterests
    }

    /// The kind of basis.
    public var kind: Kind
    /// Where it is written down, such as the number of a form; empty when nowhere.
    public var evidence: String

    /// Makes a basis.
    public init(_ kind: Kind, evidence: String = "") {
        self.kind = kind
        self.evidence = evidence
    }
}
