public import Foundation

/// Turns a model into the files of a package, and such files back into the same model.
///
/// Promises of a conformer: `deserialize(serialize(m))` predicts what `m` predicts, equal models give equal bytes,
/// and files of another format or damaged files throw `corruptData`.
public protocol ModelSerializer<Model>: Sendable {
    associatedtype Model: Sendable
    /// The format that it writes and reads.
    var format: ModelFormat { get }
    /// The files of a model; paths are unique.
    func serialize(_ model: Model) throws -> [ModelFile]
    /// The model in the files.
    func deserialize(_ files: [ModelFile]) throws -> Model
}

/// The format of a model's files, such as `onnx`; open.
public struct ModelFormat: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name, in lower case.
    public let description: String

    /// Names a format.
    public init(_ name: String) { description = name }

    /// Open Neural Network Exchange.
    public static let onnx = ModelFormat("onnx")

    /// Reads the name.
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// One file of a package.
public struct ModelFile: Sendable, Hashable {
    /// The path inside the package, with `/` between its parts.
    public let path: String
    /// The content.
    public let bytes: Data

    /// Makes a file.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the path is empty, absolute, or leaves the package.
    public init(path: String, bytes: Data) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.contains("\0"), !path.contains("\\"),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else {
            throw MLOpsError(
                .invalidArgument, "'\(path)' is no path inside a package.",
                help: "Use a relative path without '.', '..' and '\\'.")
        }
        self.path = path
        self.bytes = bytes
    }
}
