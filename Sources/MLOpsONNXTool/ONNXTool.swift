import ArgumentParser

/// Looks into ONNX files, runs them, checks what they compute, and times them.
@main
struct ONNXTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onnx",
        abstract: "Look into an ONNX file, run it, check what it computes, time it and its steps, in pure Swift.",
        discussion: """
            Nothing in a file is executed as code, and sizes are checked before memory is taken. With --library PATH \
            the ONNX Runtime library at that path runs the file instead, or beside it.
            """,
        subcommands: [Inspect.self, Run.self, Check.self, Bench.self, Profile.self])
}
