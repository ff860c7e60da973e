public import Foundation
internal import MLOpsCore

/// One file of an annotated set: its path below the set's folder, and its bytes.
public struct AnnotationFile: Sendable, Hashable {
    /// The path, with `/`, relative to the folder.
    public var path: String
    /// The content.
    public var bytes: Data

    /// Makes a file.
    public init(_ path: String, _ bytes: Data) {
        self.path = path
        self.bytes = bytes
    }
}

/// A way to write annotations down, of the world outside: COCO, Pascal VOC, YOLO, CVAT, Label Studio.
///
/// Promises of a conformer:
/// - What `encode` writes, `decode` reads back as an equal set (numbers within rounding, the annotations of a picture in
///   any order), as long as the set uses no feature beyond ``features``; `encode` is only called with such sets.
/// - `decode` never traps and takes no memory beyond a multiple of the bytes given; it throws ``MLOpsError`` with
///   `corruptData` for bytes of another format, and adds to `losses` whatever it leaves out.
public protocol AnnotationFormat: Sendable {
    /// The name, for people.
    var name: String { get }
    /// What the format can hold.
    var features: Set<AnnotationFeature> { get }
    /// The endings of its files' names, in lower case and without the dot.
    var fileExtensions: Set<String> { get }
    /// The files of a set that uses no other than the format's features.
    func encode(_ set: AnnotationSet) throws -> [AnnotationFile]
    /// Reads a set from its files.
    func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet
}

extension AnnotationFormat {
    /// The files of a set.
    ///
    /// - Parameter allowed: what may be lost.
    /// - Throws: ``MLOpsError`` with `unsupported` when more than `allowed` would be lost, `invalidArgument` for what
    ///   the format can't say at all, such as a name with a line break in YOLO.
    public func files(
        of set: AnnotationSet, allowing allowed: Set<AnnotationFeature> = []
    ) throws -> [AnnotationFile] {
        var losses = AnnotationLosses()
        let reduced = try set.reduced(to: features, losses: &losses)
        try losses.check(allowing: allowed, "Writing \(name)")
        return try encode(reduced)
    }

    /// Reads a set from files.
    ///
    /// - Parameter allowed: what may be left out.
    /// - Throws: ``MLOpsError`` with `unsupported` when more than `allowed` would be lost, `corruptData` for bytes of
    ///   another format.
    public func set(
        from files: [AnnotationFile], allowing allowed: Set<AnnotationFeature> = []
    ) throws -> AnnotationSet {
        var losses = AnnotationLosses()
        let set = try decode(files, losses: &losses)
        try losses.check(allowing: allowed, "Reading \(name)")
        return set
    }
}
