internal import MLOpsCore

/// The table of functions of ONNX Runtime's C interface.
///
/// Unchecked Sendable: the table is constant for the life of the process, and its functions may be called from any
/// thread.
struct ONNXRuntimeInterface: @unchecked Sendable {
    /// A function by its place in the table; C's `OrtApi`.
    enum Function: Int {
        case getErrorMessage = 2, createEnvironment = 3, createSessionFromArray = 8, run = 9, createSessionOptions = 10
        case setThreads = 24, inputCount = 30, outputCount = 31, inputType = 33, outputType = 34
        case inputName = 36, outputName = 37
        case createTensor = 48, createTensorWithData = 49, isTensor = 50, tensorData = 51
        case fillStrings = 52, stringsLength = 53, stringsContent = 54
        case tensorInfo = 55, elementType = 60, dimensionCount = 61, dimensions = 62, typeAndShape = 65
        case createMemoryInfo = 69, free = 76, allocator = 78
        case releaseEnvironment = 92, releaseStatus = 93, releaseMemoryInfo = 94, releaseSession = 95
        case releaseValue = 96, releaseTypeInfo = 98, releaseTypeAndShape = 99, releaseSessionOptions = 100
    }

    /// The version of the library.
    let version: String
    private let table: UnsafePointer<UnsafeRawPointer?>

    /// Asks the library's entry point for the table; `nil` when it has none of version 1.
    init?(entry: UnsafeMutableRawPointer) {
        typealias Base = @convention(c) () -> UnsafePointer<UnsafeRawPointer?>?
        typealias GetTable = @convention(c) (UInt32) -> UnsafePointer<UnsafeRawPointer?>?
        typealias GetVersion = @convention(c) () -> UnsafePointer<CChar>?
        guard let base = unsafeBitCast(entry, to: Base.self)(), let first = base[0], let second = base[1],
            let table = unsafeBitCast(first, to: GetTable.self)(1)
        else { return nil }
        self.table = table
        version = unsafeBitCast(second, to: GetVersion.self)().map { String(cString: $0) } ?? ""
    }

    /// A function as the C type that the interface gives it.
    func callAsFunction<Signature>(_ function: Function, as type: Signature.Type) -> Signature {
        unsafeBitCast(table[function.rawValue], to: type)
    }

    /// Throws what a status says, and releases it; `nil` means success.
    func check(_ status: OpaquePointer?, _ code: MLOpsError.Code, help: String) throws {
        guard let status else { return }
        typealias Message = @convention(c) (OpaquePointer) -> UnsafePointer<CChar>?
        let message = self(.getErrorMessage, as: Message.self)(status).map { String(cString: $0) } ?? ""
        release(status, by: .releaseStatus)
        throw MLOpsError(code, "ONNX Runtime: \(message)", help: help)
    }

    /// Calls a function that makes an object, and owns the object.
    func make(
        _ function: Function, releasedBy release: Function, _ code: MLOpsError.Code = .unavailable,
        help: String = "See the message of ONNX Runtime.",
        _ call: (inout OpaquePointer?) -> OpaquePointer?
    ) throws -> ONNXRuntimeObject {
        var made: OpaquePointer?
        try check(call(&made), code, help: help)
        guard let made else {
            throw MLOpsError(.unavailable, "ONNX Runtime made nothing where \(function) was asked for.", help: help)
        }
        return ONNXRuntimeObject(made, release, self)
    }

    /// The log and the threads that sessions share.
    func makeEnvironment() throws -> ONNXRuntimeObject {
        typealias Create =
            @convention(c) (CInt, UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) ->
            OpaquePointer?
        let errorsOnly: CInt = 3
        return try make(.createEnvironment, releasedBy: .releaseEnvironment) { made in
            self(.createEnvironment, as: Create.self)(errorsOnly, "swift-mlops", &made)
        }
    }

    fileprivate func release(_ object: OpaquePointer, by function: Function) {
        self(function, as: (@convention(c) (OpaquePointer?) -> Void).self)(object)
    }
}

/// An object of ONNX Runtime, released with the last reference to it.
///
/// Unchecked Sendable: the pointer never changes, and the objects that are shared (environments, sessions) may be used
/// from several threads at once.
final class ONNXRuntimeObject: @unchecked Sendable {
    let pointer: OpaquePointer
    private let releasing: ONNXRuntimeInterface.Function
    private let interface: ONNXRuntimeInterface

    init(_ pointer: OpaquePointer, _ releasing: ONNXRuntimeInterface.Function, _ interface: ONNXRuntimeInterface) {
        self.pointer = pointer
        self.releasing = releasing
        self.interface = interface
    }

    deinit { interface.release(pointer, by: releasing) }
}
