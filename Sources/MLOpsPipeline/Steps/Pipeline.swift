/// Steps wired together: what comes out of one goes into the next.
///
/// A straight line is built with ``then(_:)``; anything else is plain Swift: a body that runs steps with
/// ``PipelineRun/callAsFunction(_:_:)``, with `async let` for branches and task groups for fan-out. Either way, an
/// output of another type than the next step takes does not compile.
public struct Pipeline<Input: Codable & Sendable, Output: Codable & Sendable>: Sendable {
    /// The name.
    public let name: String

    let body: @Sendable (Input, PipelineRun) async throws -> Output

    /// Makes a pipeline of any shape.
    ///
    /// - Parameter body: runs the steps; what it does outside of steps is done again at each run.
    public init(_ name: String, body: @escaping @Sendable (Input, PipelineRun) async throws -> Output) {
        self.name = name
        self.body = body
    }

    /// Makes a pipeline of one step, to which more can be added.
    public init(_ name: String, _ first: Step<Input, Output>) {
        self.init(name) { input, run in try await run(first, input) }
    }

    /// The pipeline with one more step, which takes what this one gives.
    public func then<Next>(_ step: Step<Output, Next>) -> Pipeline<Input, Next> {
        Pipeline<Input, Next>(name) { [body] input, run in try await run(step, try await body(input, run)) }
    }

    /// The pipeline with two more steps side by side, which both take what this one gives.
    public func then<First, Second>(
        _ first: Step<Output, First>, and second: Step<Output, Second>
    ) -> Pipeline<Input, Both<First, Second>> {
        Pipeline<Input, Both<First, Second>>(name) { [body] input, run in
            let output = try await body(input, run)
            async let one = run(first, output)
            async let two = run(second, output)
            return Both(first: try await one, second: try await two)
        }
    }
}

/// The outputs of two steps that ran side by side.
public struct Both<First: Codable & Sendable, Second: Codable & Sendable>: Codable, Sendable {
    /// What the first step gave.
    public let first: First
    /// What the second step gave.
    public let second: Second
}
