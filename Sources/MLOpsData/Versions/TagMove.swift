public import Foundation
public import MLOpsCore

/// One step in the history of a tag.
public struct TagMove: Sendable, Hashable, Codable {
    /// The name of the tag.
    public var name: String
    /// The version that it was put on; `nil` when it was taken away.
    public var digest: Digest?
    /// When.
    public var at: Date
}
