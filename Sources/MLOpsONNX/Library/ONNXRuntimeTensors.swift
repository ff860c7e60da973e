internal import Foundation
internal import MLOpsCore

/// Hands tensors to ONNX Runtime and takes them from it.
struct ONNXRuntimeTensors {
    let interface: ONNXRuntimeInterface

    private typealias Status = OpaquePointer?
    private var help: String { "See the message of ONNX Runtime." }

    /// A description of this computer's main memory.
    func memory() throws -> ONNXRuntimeObject {
        typealias Create = @convention(c) (CInt, CInt, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        let (arena, standard): (CInt, CInt) = (1, 0)
        return try interface.make(.createMemoryInfo, releasedBy: .releaseMemoryInfo) {
            interface(.createMemoryInfo, as: Create.self)(arena, standard, &$0)
        }
    }

    /// A tensor over elements that outlive it; strings are copied.
    func make(
        _ value: TensorValue, elements: UnsafeMutableRawBufferPointer, _ memory: ONNXRuntimeObject
    ) throws -> ONNXRuntimeObject {
        if value.elementType == .bytes { return try makeStrings(value) }
        typealias Create =
            @convention(c) (
                OpaquePointer, UnsafeMutableRawPointer?, Int, UnsafePointer<Int64>?, Int, CInt,
                UnsafeMutablePointer<OpaquePointer?>
            ) -> OpaquePointer?
        let shape = value.shape.map(Int64.init)
        return try interface.make(.createTensorWithData, releasedBy: .releaseValue, .invalidArgument) {
            interface(.createTensorWithData, as: Create.self)(
                memory.pointer, elements.baseAddress, value.bytes.count, shape, shape.count,
                CInt(value.elementType.onnx.rawValue), &$0)
        }
    }

    /// The tensor that ONNX Runtime computed.
    func read(_ value: ONNXRuntimeObject) throws -> TensorValue {
        typealias GetInfo = @convention(c) (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        typealias GetData =
            @convention(c) (OpaquePointer, UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> OpaquePointer?
        let info = try interface.make(.typeAndShape, releasedBy: .releaseTypeAndShape) {
            interface(.typeAndShape, as: GetInfo.self)(value.pointer, &$0)
        }
        let (type, shape) = try typeAndShape(info.pointer, in: "an output")
        let count = try TensorValue.elementCount(of: shape)
        guard let size = type.byteCount else { return try readStrings(value, shape: shape, count: count) }
        var data: UnsafeMutableRawPointer?
        try interface.check(
            interface(.tensorData, as: GetData.self)(value.pointer, &data), .unavailable, help: help)
        let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count * size)
        return try TensorValue(type, shape: shape, bytes: Array(bytes))
    }

    /// What a description of a tensor says.
    func typeAndShape(_ info: OpaquePointer, in what: String) throws -> (ElementType, [Int]) {
        typealias GetType = @convention(c) (OpaquePointer, UnsafeMutablePointer<CInt>) -> OpaquePointer?
        typealias GetCount = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?
        typealias GetShape = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int64>?, Int) -> OpaquePointer?
        var (type, rank): (CInt, Int) = (0, 0)
        try interface.check(interface(.elementType, as: GetType.self)(info, &type), .unavailable, help: help)
        try interface.check(interface(.dimensionCount, as: GetCount.self)(info, &rank), .unavailable, help: help)
        var shape = [Int64](repeating: -1, count: rank)
        try interface.check(interface(.dimensions, as: GetShape.self)(info, &shape, rank), .unavailable, help: help)
        return (try ElementType(onnx: Int(type), in: what), shape.map(Int.init))
    }

    private func makeStrings(_ value: TensorValue) throws -> ONNXRuntimeObject {
        typealias GetAllocator = @convention(c) (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        typealias Create =
            @convention(c) (
                OpaquePointer?, UnsafePointer<Int64>?, Int, CInt, UnsafeMutablePointer<OpaquePointer?>
            ) -> OpaquePointer?
        typealias Fill = @convention(c) (OpaquePointer, UnsafePointer<UnsafePointer<CChar>?>?, Int) -> OpaquePointer?
        let strings = try value.byteStrings()
        guard strings.allSatisfy({ !$0.contains(0) && String(validating: $0, as: UTF8.self) != nil }) else {
            throw MLOpsError(
                .invalidArgument, "A text holds a byte 0, which ends a text in ONNX Runtime, or is not UTF-8.",
                help: "Give texts in UTF-8 without zeros.")
        }
        var allocator: OpaquePointer?
        try interface.check(interface(.allocator, as: GetAllocator.self)(&allocator), .unavailable, help: help)
        let shape = value.shape.map(Int64.init)
        let made = try interface.make(.createTensor, releasedBy: .releaseValue, .invalidArgument) {
            interface(.createTensor, as: Create.self)(
                allocator, shape, shape.count, CInt(ElementType.bytes.onnx.rawValue), &$0)
        }
        let copies = strings.map { strdup(String(decoding: $0, as: UTF8.self)) }
        defer { for copy in copies { free(copy) } }
        let pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) }
        try interface.check(
            interface(.fillStrings, as: Fill.self)(made.pointer, pointers, pointers.count), .invalidArgument,
            help: help)
        return made
    }

    private func readStrings(_ value: ONNXRuntimeObject, shape: [Int], count: Int) throws -> TensorValue {
        typealias GetLength = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?
        typealias GetContent =
            @convention(c) (
                OpaquePointer, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?, Int
            ) -> OpaquePointer?
        var length = 0
        try interface.check(
            interface(.stringsLength, as: GetLength.self)(value.pointer, &length), .unavailable, help: help)
        var text = [UInt8](repeating: 0, count: length)
        var offsets = [Int](repeating: 0, count: count)
        if count > 0 {
            try interface.check(
                interface(.stringsContent, as: GetContent.self)(value.pointer, &text, length, &offsets, count),
                .unavailable, help: help)
        }
        let ends = offsets.dropFirst() + [length]
        let strings = zip(offsets, ends).map { $0 <= $1 && $1 <= length ? Array(text[$0..<$1]) : [] }
        return try TensorValue(.bytes, shape: shape, bytes: TensorValue(byteStrings: strings).bytes)
    }
}
