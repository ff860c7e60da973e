import ArgumentParser
import MLOpsCore

/// How every subcommand prints its result.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.") var json = false

    /// Prints a result for people or for programs.
    func show<Result: Encodable & CustomStringConvertible>(_ result: Result) throws {
        try show(result, result.description)
    }

    /// Prints a result as JSON, or what is said of it to people.
    func show(_ result: some Encodable, _ text: @autoclosure () throws -> String) throws {
        if json {
            print(String(decoding: try CanonicalJSON.encodePretty(result), as: UTF8.self))
        } else {
            try print(text())
        }
    }
}
