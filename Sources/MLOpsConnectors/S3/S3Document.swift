package import Foundation
internal import MLOpsCore

/// An element of the XML with which an object store answers.
package struct S3Document: Sendable {
    /// The name of the element, without a prefix.
    package var name: String
    /// Its own text.
    package var text = ""
    /// The elements in it.
    package var children: [S3Document] = []

    init(name: String) { self.name = name }

    /// Reads a document.
    ///
    /// Source: XML 1.0, fifth edition; attributes are passed over.
    /// - Throws: ``MLOpsError`` with `corruptData` for what is no XML, has a document type (whose entities could grow
    ///   without bound), or is nested deeper than 16.
    package init(_ bytes: Data) throws {
        do { self = try S3DocumentReader.read(bytes) } catch {
            throw MLOpsError(
                .corruptData, "The object store's answer of \(bytes.count) bytes has \(error.what).",
                help: "Check that the endpoint is that of an S3-compatible store.")
        }
    }

    /// The text of the first child of a name.
    package subscript(name: String) -> String? { children.first { $0.name == name }?.text }
}
