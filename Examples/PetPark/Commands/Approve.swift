import ArgumentParser

struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Certify the staging version as a named reviewer, having seen its test evidence.")

    @OptionGroup var options: ParkOptions

    @Option(help: "Who certifies; someone other than who registered the version.")
    var reviewer: String

    @Option(help: "Why, in the reviewer's words.")
    var comment = ""

    @Flag(help: "Refuse the version instead.")
    var reject = false

    func run() async throws {
        let park = try await options.open()
        try options.show(try await park.approve(by: reviewer, comment: comment, reject: reject))
    }
}
