internal import MLOpsCore

/// How large a model file, and the tensors it computes, may be: bytes from outside must not take all memory.
public struct ONNXLimits: Sendable, Hashable {
    /// The greatest size of a file, in bytes; 2 GiB, which is also the limit of the format.
    public var fileByteCount = (1 << 31) - 1
    /// The greatest number of operators.
    public var nodeCount = 100_000
    /// The greatest number of dimensions of a tensor.
    public var rank = 16
    /// The greatest number of elements of a tensor that running the model may make.
    public var elementCount = 1 << 28
    /// The greatest number of times that the bodies of loops may run in one run of the model.
    public var iterationCount = 1 << 24
    /// The greatest number of bytes of all strings of a tensor that running the model may make, 256 MiB; 4 GiB at
    /// most.
    public var stringByteCount = 1 << 28
    /// The greatest number of bytes that all weights may take as kernels read them, 8 GiB: operators that share weights in
    /// the file each have their own.
    public var packedByteCount = 1 << 33
    /// The greatest number of bytes of a name.
    public var nameByteCount = 4096

    /// Makes the default limits.
    public init() {}

    /// Throws `limitExceeded` when a value is above its limit.
    func check(_ value: Int, _ limit: KeyPath<ONNXLimits, Int>, of what: @autoclosure () -> String) throws {
        guard value > self[keyPath: limit] else { return }
        throw MLOpsError(
            .limitExceeded, "\(what()) is \(value), above the limit of \(self[keyPath: limit]).",
            help: "Use a smaller model, or raise the limit in ONNXLimits if you trust where it comes from.")
    }

    /// Throws `limitExceeded` when strings of so many bytes would be too many.
    func checkStrings(_ byteCount: Int) throws {
        // The length of a string is kept in 32 bits.
        var limits = self
        limits.stringByteCount = min(stringByteCount, Int(UInt32.max))
        try limits.check(byteCount, \.stringByteCount, of: "the number of bytes of the strings of a result")
    }

    /// Throws `limitExceeded` when a name is too long.
    func checkName(_ name: String) throws {
        try check(name.utf8.count, \.nameByteCount, of: "the length of the name '\(name.prefix(40))…'")
    }

    /// The product of a shape, within the limits; throws `invalidArgument` or `limitExceeded`.
    ///
    /// An extent of 0 counts as 1 for the limit: an empty tensor must not carry extents that overflow elsewhere.
    @discardableResult func elementCount(of shape: [Int], in what: @autoclosure () -> String) throws -> Int {
        try check(shape.count, \.rank, of: "the rank of \(what())")
        var product = 1
        for extent in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
            product = overflow ? .max : next
        }
        try check(product, \.elementCount, of: "the number of elements of \(what()), shape \(shape),")
        return try TensorValue.elementCount(of: shape)
    }
}
