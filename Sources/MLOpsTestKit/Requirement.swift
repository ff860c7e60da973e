internal import MLOpsCore

/// A promise of a protocol that a conformer did not keep.
public struct ExamFailure: Error, CustomStringConvertible {
    /// What was promised and what was seen.
    public let description: String

    /// Makes a failure.
    public init(_ description: String) { self.description = description }
}

/// Throws an ``ExamFailure`` when a promise is not kept.
func require(_ condition: Bool, _ promise: @autoclosure () -> String) throws {
    if !condition { throw ExamFailure(promise()) }
}

/// Runs the body and requires that it throws ``MLOpsError`` with the given code.
func requireError(
    _ code: MLOpsError.Code, _ promise: @autoclosure () -> String, _ body: () async throws -> Void
) async throws {
    do { try await body() } catch let error as MLOpsError where error.code == code { return } catch {
        throw ExamFailure("\(promise()); it threw \(error)")
    }
    throw ExamFailure("\(promise()); it threw nothing")
}
