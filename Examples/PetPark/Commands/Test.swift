import ArgumentParser
import Foundation

struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the candidate on the test split, or any package on any folder of photographs.")

    @OptionGroup var options: ParkOptions

    @Option(help: "The folder of a package; the candidate by default.")
    var model: String?

    @Option(help: "A folder of photographs with one sub-folder per class; the test split by default.")
    var photos: String?

    func run() async throws {
        let park = try await options.open()
        try options.show(
            try await park.test(
                model: model.map { URL(fileURLWithPath: $0, isDirectory: true) },
                photos: photos.map { URL(fileURLWithPath: $0, isDirectory: true) }))
    }
}
