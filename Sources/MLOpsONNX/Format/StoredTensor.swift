internal import MLOpsCore
internal import MLOpsTensor

/// A tensor of a model file whose elements were left there.
struct StoredTensor: Sendable {
    /// The type of the elements; not strings.
    let elementType: ElementType
    /// The extent of each dimension; the elements in the file are as many as it asks for.
    private(set) var shape: [Int]
    private let place: Range<Int>
    private let bytes: ModelBytes

    /// Takes down where the raw data of a tensor lie.
    ///
    /// - Throws: `corruptData` when they are not as many as the shape asks for, `limitExceeded`, `unsupported`.
    init(_ tensor: ONNXTensorProto, at place: Range<Int>, of bytes: ModelBytes, _ limits: ONNXLimits) throws {
        (elementType, shape) = try tensor.withTypeAndShape(limits) { type, shape in
            let (size, overflow) = try TensorValue.elementCount(of: shape)
                .multipliedReportingOverflow(by: type.byteCount ?? 0)
            guard !overflow, size == place.count else {
                throw MLOpsError(
                    .invalidArgument, "A tensor \(type.rawValue)\(shape) does not have \(place.count) bytes.",
                    help: "Give as many elements as the product of the shape.")
            }
            return (type, shape)
        }
        (self.place, self.bytes) = (place, bytes)
    }

    /// The same elements in another shape of as many.
    func reshaped(_ shape: [Int]) -> StoredTensor {
        var copy = self
        copy.shape = shape
        return copy
    }

    /// Copies the elements to memory for as many bytes.
    func read(into target: UnsafeMutableRawBufferPointer) throws { try bytes.read(place, into: target) }

    /// The tensor with its elements.
    func loaded() throws -> TensorValue {
        try TensorValue(elementType, shape: shape, bytes: bytes.bytes(place))
    }
}
