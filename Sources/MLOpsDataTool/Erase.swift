import ArgumentParser
import MLOpsCore
import MLOpsData

struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase a subject's records for good, from all versions, and print the receipt.",
        discussion: "Their bytes are refused from then on. Versions that had them are replaced by what is left.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The subject by an attribute, as name=value.") var attribute: String?
    @Option(help: "The id of a record; may be given several times.") var id: [String] = []
    @Option(help: "Who has it done.") var by: String
    @Option(help: "Why, such as the number of the request.") var reason: String

    func validate() throws {
        guard (attribute == nil) != id.isEmpty else {
            throw ValidationError("Give the subject by --attribute name=value, or by --id.")
        }
        guard ![by, reason].contains(where: { $0.allSatisfy(\.isWhitespace) }) else {
            throw ValidationError("The receipt needs who has it done (--by) and why (--reason).")
        }
        if let attribute, !attribute.contains("=") {
            throw ValidationError("'\(attribute)' has no '='; give --attribute name=value.")
        }
    }

    func run() async throws {
        let parts = attribute?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let subject = parts.map { ErasureSubject.attribute($0[0], value: $0[1]) } ?? .records(Set(id))
        try output.show(await options.open().erase(subject, by: by, reason: reason))
    }
}
