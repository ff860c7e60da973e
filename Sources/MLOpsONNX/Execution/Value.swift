internal import MLOpsCore
internal import MLOpsTensor

/// A tensor while a graph runs. Its shape is that of the ONNX standard (images are [N, C, H, W]), wherever the elements
/// lie: as row-major bytes, as row-major floats for the kernels, or as floats with the channels last ([N, H, W, C]).
///
/// Kernels for images take and give channels-last values, so a network of them moves its elements only at its ends.
///
/// Unchecked Sendable: the elements of a tensor that is in a value are never written again. A value takes in only
/// tensors that were made and filled in the same call, and hands them out only to be read.
struct Value: @unchecked Sendable {
    private enum Storage {
        case bytes([UInt8])
        case floats(Tensor)
        case image(Tensor)
        case strings([[UInt8]])
        case sequence([Value])
        case absent
        /// In the file, until it is ``loaded()``: only for a constant before operators are made ready to run.
        case stored(StoredTensor)
    }

    /// The type of the elements.
    let elementType: ElementType
    /// The extent of each dimension, in the order of the standard.
    let shape: [Int]
    private let storage: Storage

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }
    /// Whether the elements lie with the channels last.
    var isImage: Bool { if case .image = storage { true } else { false } }

    /// Takes in a tensor that comes from outside or from a file.
    init(_ value: TensorValue) {
        (elementType, shape) = (value.elementType, value.shape)
        // Bytes were found to be whole strings when the tensor was made.
        let strings = elementType == .bytes ? try? value.byteStrings().map(Array.init) : nil
        storage = strings.map { .strings($0) } ?? .bytes(value.bytes)
    }

    /// Takes down a constant that is still in its file.
    init(stored tensor: StoredTensor) {
        (elementType, shape, storage) = (tensor.elementType, tensor.shape, .stored(tensor))
    }

    /// Takes in byte strings in row-major order, as many as the shape asks for.
    init(strings: [[UInt8]], shape: [Int]) {
        precondition(strings.count == shape.reduce(1, *), "\(strings.count) strings do not fill \(shape)")
        (elementType, self.shape, storage) = (.bytes, shape, .strings(strings))
    }

    /// Takes in values as one sequence.
    init(sequence: [Value], of elementType: ElementType) {
        (self.elementType, shape, storage) = (elementType, [], .sequence(sequence))
    }

    /// The value of an optional that has none.
    init(absent elementType: ElementType) { (self.elementType, shape, storage) = (elementType, [], .absent) }

    /// Takes in floats in row-major order; the tensor is not to be written again.
    init(floats tensor: Tensor) { (elementType, shape, storage) = (.float32, tensor.shape, .floats(tensor)) }

    /// Takes in floats of the shape [N, H, W, C]; the tensor is not to be written again.
    init(image tensor: Tensor) {
        let s = tensor.shape
        precondition(s.count == 4, "An image has four dimensions, not \(s)")
        (elementType, shape, storage) = (.float32, [s[0], s[3], s[1], s[2]], .image(tensor))
    }

    /// Takes in a tensor that stays for many runs, so that its floats are ready for the kernels.
    init(constant value: TensorValue) throws {
        let value = Value(value)
        self = value.elementType == .float32 ? Value(floats: try value.floats()) : value
    }

    private init(_ elementType: ElementType, _ shape: [Int], _ storage: Storage) {
        (self.elementType, self.shape, self.storage) = (elementType, shape, storage)
    }

    /// Makes a value of a shape, and lets a closure write every element, in row-major order.
    ///
    /// - Parameter type: the type of the elements, or another of their width to carry them in.
    static func make<Element: BitwiseCopyable>(
        _ elementType: ElementType, _ shape: [Int], as type: Element.Type,
        _ fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows -> Value {
        let count = shape.reduce(1, *)
        let size = count * MemoryLayout<Element>.stride
        let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, written in
            // The elements of an array lie on a 16-byte boundary, enough for every element type.
            try UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
                .withMemoryRebound(to: Element.self) { try fill($0) }
            written = size
        }
        return Value(elementType, shape, .bytes(bytes))
    }

    /// The same elements, row-major, in another shape with as many elements.
    func reshaped(_ shape: [Int]) -> Value {
        precondition(shape.reduce(1, *) == count, "\(self.shape) can't become \(shape)")
        switch storage {
        case .bytes, .strings, .sequence, .absent: return Value(elementType, shape, storage)
        case .stored(let tensor): return Value(elementType, shape, .stored(tensor.reshaped(shape)))
        case .floats, .image: return Value(elementType, shape, .bytes(bytes))
        }
    }

    /// The elements as row-major bytes.
    var bytes: [UInt8] {
        switch storage {
        case .bytes(let bytes): bytes
        case .floats(let tensor):
            [UInt8](UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.count * MemoryLayout<Float>.stride))
        case .image(let tensor): Value(floats: ChannelsLast.toFirst(tensor)).bytes
        case .strings, .sequence, .absent, .stored:
            preconditionFailure("The elements of \(elementType) are no plain bytes in memory")
        }
    }

    /// The tensor for handing over; throws `unsupported` for a sequence or no value.
    func tensorValue() throws -> TensorValue {
        switch storage {
        case .bytes, .floats, .image: return try TensorValue(elementType, shape: shape, bytes: bytes)
        case .stored(let tensor): return try tensor.loaded()
        case .strings(let strings):
            return try TensorValue(.bytes, shape: shape, bytes: TensorValue(byteStrings: strings).bytes)
        case .sequence, .absent: throw MLOpsError.unsupported(elementType, instead: "a tensor")
        }
    }

    /// The strings in row-major order; throws `unsupported` for elements of another type.
    func strings() throws -> [[UInt8]] {
        guard case .strings(let strings) = storage else { throw MLOpsError.unsupported(elementType, instead: "BYTES") }
        return strings
    }

    /// The values of a sequence; throws `unsupported` when it is none.
    func sequence() throws -> [Value] {
        guard case .sequence(let values) = storage else {
            throw MLOpsError(
                .unsupported, "A tensor \(elementType.rawValue)\(shape) is no sequence.", help: "Give a sequence.")
        }
        return values
    }

    /// Whether it is that of an optional without a value.
    var isAbsent: Bool { if case .absent = storage { true } else { false } }

    /// Reads the elements in row-major order, as a type of their width.
    func read<Element: BitwiseCopyable, Result>(
        as type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        precondition(MemoryLayout<Element>.stride == elementType.byteCount, "\(Element.self) is not \(elementType)")
        if case .floats(let tensor) = storage {
            return try UnsafeRawBufferPointer(tensor.buffer).withMemoryRebound(to: type, body)
        }
        return try bytes.withUnsafeBytes { try $0.withMemoryRebound(to: type, body) }
    }

    /// The elements of a value of floats as a tensor of the value's own shape, row-major; only to be read.
    func floats() throws -> Tensor {
        try expectFloats()
        switch storage {
        case .floats(let tensor): return tensor
        case .image(let tensor): return ChannelsLast.toFirst(tensor)
        case .strings, .sequence, .absent: throw MLOpsError.unsupported(elementType, instead: "a tensor FP32")
        case .bytes(let bytes):
            let tensor = Tensor(unwritten: shape)
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(tensor.buffer).copyMemory(from: $0) }
            return tensor
        case .stored(let stored):
            let tensor = Tensor(unwritten: shape, isKept: true)
            try stored.read(into: UnsafeMutableRawBufferPointer(tensor.buffer))
            return tensor
        }
    }

    /// Whether it is a constant that is still in its file.
    var isStored: Bool { if case .stored = storage { true } else { false } }

    /// The same in memory.
    func loaded() throws -> Value {
        guard case .stored(let tensor) = storage else { return self }
        return elementType == .float32 ? Value(floats: try floats()) : Value(try tensor.loaded())
    }

    /// Stored elements of more bytes are not read to memory that is kept for the next.
    private static let scratchByteCount = 1 << 24

    /// Lends the elements of a value of floats in row-major order; those of a stored one are in memory for that long.
    func withFloats<Result>(
        _ compute: Compute, _ body: (UnsafePointer<Float>) throws -> Result
    ) throws -> Result {
        guard case .stored(let stored) = storage, elementType == .float32,
            count * MemoryLayout<Float>.stride <= Self.scratchByteCount
        else {
            let tensor = try floats()
            return try withExtendedLifetime(tensor) { try body(tensor.pointer) }
        }
        return try compute.withScratch(count) { memory in
            try stored.read(
                into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: memory, count: count)))
            return try body(memory)
        }
    }

    /// The elements of a value of floats [N, C, H, W] as a tensor [N, H, W, C]; only to be read.
    func image() throws -> Tensor {
        try expectFloats()
        if case .image(let tensor) = storage { return tensor }
        guard shape.count == 4 else {
            throw MLOpsError(
                .invalidArgument, "Expected images [N, C, H, W], but the shape is \(shape).", help: "Give 4 dimensions."
            )
        }
        return ChannelsLast.fromFirst(try floats())
    }

    /// The elements in the order they lie in, and a way to make a value that lies the same; for what does not care.
    func mapFloats(_ body: (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void) throws -> Value {
        try mapTensor { body(UnsafeBufferPointer($0.buffer), $1.buffer) }
    }

    /// The same with tensors, for kernels.
    func mapTensor(_ body: (_ x: Tensor, _ result: Tensor) -> Void) throws -> Value {
        try expectFloats()
        if case .image(let tensor) = storage {
            let result = Tensor(shape: tensor.shape)
            body(tensor, result)
            return Value(image: result)
        }
        let tensor = try floats()
        let result = Tensor(shape: shape)
        body(tensor, result)
        return Value(floats: result)
    }

    private func expectFloats() throws {
        guard elementType == .float32 else { throw MLOpsError.unsupported(elementType, instead: "FP32") }
    }
}

extension MLOpsError {
    /// An operator was given elements of a type that it does not compute with.
    static func unsupported(_ type: ElementType, instead: String) -> MLOpsError {
        MLOpsError(
            .unsupported, "Elements of the type \(type.rawValue) are not computed with here.",
            help: "Cast them to \(instead) before.")
    }
}

extension Tensor {
    /// The elements, in the order they lie in.
    var buffer: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}
