internal import Foundation
internal import MLOpsCore

/// Asks a session of ONNX Runtime what it takes and gives.
struct ONNXRuntimeSignature {
    let interface: ONNXRuntimeInterface
    let session: ONNXRuntimeObject

    private typealias Function = ONNXRuntimeInterface.Function

    /// The names, types and shapes; throws `unsupported` for a value that is no tensor, such as a sequence.
    func read() throws -> ModelSignature {
        ModelSignature(
            inputs: try specs(.inputCount, .inputName, .inputType),
            outputs: try specs(.outputCount, .outputName, .outputType))
    }

    private func specs(_ count: Function, _ name: Function, _ type: Function) throws -> [ModelSignature.TensorSpec] {
        typealias Count = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?
        var number = 0
        try interface.check(interface(count, as: Count.self)(session.pointer, &number), .corruptData, help: help)
        return try (0..<number).map { index in
            let name = try self.name(at: index, name)
            let (type, shape) = try typeAndShape(at: index, type, of: name)
            return ModelSignature.TensorSpec(name, type, shape: shape)
        }
    }

    private func name(at index: Int, _ function: Function) throws -> String {
        typealias GetAllocator = @convention(c) (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        typealias GetName =
            @convention(c) (
                OpaquePointer, Int, OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
            ) -> OpaquePointer?
        typealias Free = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> OpaquePointer?
        var allocator: OpaquePointer?
        try interface.check(interface(.allocator, as: GetAllocator.self)(&allocator), .unavailable, help: help)
        var name: UnsafeMutablePointer<CChar>?
        try interface.check(
            interface(function, as: GetName.self)(session.pointer, index, allocator, &name), .corruptData, help: help)
        defer { try? interface.check(interface(.free, as: Free.self)(allocator, name), .unavailable, help: help) }
        return name.map { String(cString: $0) } ?? ""
    }

    private func typeAndShape(at index: Int, _ function: Function, of name: String) throws -> (ElementType, [Int]) {
        typealias GetType = @convention(c) (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        typealias GetInfo = @convention(c) (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        let type = try interface.make(function, releasedBy: .releaseTypeInfo) {
            interface(function, as: GetType.self)(session.pointer, index, &$0)
        }
        var info: OpaquePointer?
        try interface.check(interface(.tensorInfo, as: GetInfo.self)(type.pointer, &info), .unsupported, help: help)
        guard let info else {
            throw MLOpsError(
                .unsupported, "'\(name)' is no tensor but a sequence, a map or an optional value.",
                help: "Export the model with tensors as inputs and outputs (skl2onnx: zipmap=False).")
        }
        // The information belongs to the type, which is alive until here.
        defer { withExtendedLifetime(type) {} }
        return try ONNXRuntimeTensors(interface: interface).typeAndShape(info, in: "'\(name)'")
    }

    private var help: String { "Open another file, or use a library of another version." }
}
