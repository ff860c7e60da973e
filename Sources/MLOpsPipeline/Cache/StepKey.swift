public import MLOpsCore

/// All that decides the output of a step; equal keys mean that the output is known.
public struct StepKey: Sendable, Hashable, Codable {
    /// The step's name.
    public let step: String
    /// The step's version.
    public let version: String
    /// The step's parameters.
    public let parameters: [String: String]
    /// The digest of the input's canonical JSON.
    public let input: Digest
    /// What the runner was told about the code, such as a commit; `nil` when it was told nothing.
    public let build: String?

    /// The identity of the key: the digest of its canonical JSON.
    public var digest: Digest { get throws { try Digest(ofJSON: self) } }

    /// What differs from an earlier key, one clause a field.
    func differences(from earlier: StepKey) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ new: String?, _ old: String?) {
            if new != old { differences.append("\(what) \(old ?? "none") → \(new ?? "none")") }
        }
        compare("version", version, earlier.version)
        compare("build", build, earlier.build)
        for name in Set(parameters.keys).union(earlier.parameters.keys).sorted() {
            compare("parameter '\(name)'", parameters[name], earlier.parameters[name])
        }
        compare("input", input.short, earlier.input.short)
        return differences
    }
}
