/// A thing that lineage speaks of: a photograph, a dataset version, a run, a model version, a prediction.
public struct LineageNode: Sendable, Hashable, Codable {
    /// What kind of thing; open.
    public struct Kind: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the kind, in camel case.
        public let description: String

        /// Names a kind.
        public init(_ name: String) { description = name }

        /// A raw record, such as a photograph; its id is the digest of its bytes.
        public static let record = Kind("record")
        /// A dataset version; its id is its digest.
        public static let dataset = Kind("dataset")
        /// A training run; its id is the run's id.
        public static let run = Kind("run")
        /// A model package; its id is its digest.
        public static let package = Kind("package")
        /// A version in the registry; its id is `name/version`.
        public static let modelVersion = Kind("modelVersion")
        /// Evidence, such as an approval; its id is its digest.
        public static let evidence = Kind("evidence")
        /// A deployment; its id is the deployment's id.
        public static let deployment = Kind("deployment")
        /// A prediction; its id is the inference id.
        public static let prediction = Kind("prediction")
        /// An alert; its id is the alert's id.
        public static let alert = Kind("alert")

        /// Reads the name.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode(String.self))
        }

        /// Writes the name.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(description)
        }
    }

    /// What kind of thing it is.
    public var kind: Kind
    /// Its id, unique within the kind.
    public var id: String

    /// Names a thing.
    public init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

extension LineageNode: CustomStringConvertible {
    /// The kind and the id.
    public var description: String { "\(kind) \(id)" }
}
