internal import MLOpsCore

/// A dense array of 32-bit floats with a shape, in row-major order: the last index runs fastest.
///
/// Activations are `[N, H, W, C]` (images, rows, columns, channels), weights of convolutions `[R, S, C, K]` (kernel
/// rows, kernel columns, input channels of a group, output channels). The memory is aligned to 64 bytes, starts as
/// zeros, and has ``slack`` more readable floats after the end, so that kernels may load whole vectors at the edge.
public final class Tensor {
    /// How many floats past the end may be read (never relied on: their values are discarded).
    public static let slack = 64

    /// The number of elements along each axis.
    public let shape: [Int]
    /// The number of elements.
    public let count: Int
    /// The elements, aligned to 64 bytes; valid as long as the tensor lives.
    public let pointer: UnsafeMutablePointer<Float>
    /// Who frees the elements; `nil` for the tensor itself.
    private let owner: AnyObject?

    /// Makes a tensor of zeros.
    ///
    /// - Parameter shape: The number of elements along each axis, none negative; an empty shape makes a scalar.
    public convenience init(shape: [Int]) {
        self.init(unwritten: shape)
        pointer.initialize(repeating: 0, count: count)
    }

    /// Makes a tensor whose elements are all to be written before they are read.
    ///
    /// - Parameter isKept: whether it stays for long, as weights do.
    package init(unwritten shape: [Int], isKept: Bool = false) {
        var count = 1
        for extent in shape {
            precondition(extent >= 0, "A tensor's shape can't have a negative extent, such as \(extent) in \(shape)")
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            precondition(!overflow, "The elements of shape \(shape) can't be counted in 64 bits")
            count = product
        }
        self.shape = shape
        self.count = count
        let memory = isKept ? KeptMemory(count: count + Tensor.slack) : nil
        owner = memory
        pointer = memory?.pointer ?? .allocateAligned(count + Tensor.slack)
        (pointer + count).initialize(repeating: 0, count: Tensor.slack)
        MemoryTally.current?.add((count + Tensor.slack) * MemoryLayout<Float>.stride)
    }

    /// Makes a tensor of elements that lie in memory of somebody else.
    ///
    /// - Parameters:
    ///   - shape: The number of elements along each axis.
    ///   - memory: The first element; ``slack`` more floats than the shape asks for must be readable.
    ///   - owner: What keeps the memory; it lives as long as the tensor.
    package init(shape: [Int], in memory: UnsafeMutablePointer<Float>, of owner: AnyObject) {
        self.shape = shape
        count = shape.reduce(1, *)
        pointer = memory
        self.owner = owner
    }

    /// Makes a tensor from its values in row-major order.
    ///
    /// - Throws: ``MLOpsError`` (`invalidArgument`) when the number of values is not the one the shape asks for.
    public convenience init(shape: [Int], values: [Float]) throws {
        let expected = try Tensor.elementCount(of: shape)
        guard values.count == expected else {
            throw MLOpsError(
                .invalidArgument, "A tensor of shape \(shape) has \(expected) elements, but \(values.count) were given",
                help: "Give as many values as the product of the shape.")
        }
        self.init(shape: shape)
        values.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { pointer.update(from: first, count: source.count) }
        }
    }

    deinit { if owner == nil { pointer.deallocate() } }

    /// A copy of the elements in row-major order.
    public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// Sets every element to one value.
    public func fill(_ value: Float) { pointer.update(repeating: value, count: count) }

    /// Copies the elements of a tensor with as many elements.
    public func copy(from other: Tensor) {
        precondition(count == other.count, "Can't copy \(other.count) elements into \(count)")
        pointer.update(from: other.pointer, count: count)
    }

    /// The number of elements of a shape that comes from outside.
    ///
    /// - Throws: ``MLOpsError`` (`invalidArgument`) when an extent is negative or the product overflows.
    public static func elementCount(of shape: [Int]) throws -> Int {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow, product <= Int.max / 8 else {
                throw MLOpsError(
                    .invalidArgument, "The shape \(shape) has a negative extent or too many elements",
                    help: "Give extents of zero or more whose bytes can be counted in 64 bits.")
            }
            count = product
        }
        return count
    }

    /// The extent of the last axis; 1 for a scalar.
    package var channels: Int { shape.last ?? 1 }

    /// The number of rows when all axes but the last are taken as one.
    package var rows: Int { channels == 0 ? 0 : count / channels }
}

extension UnsafeMutablePointer<Float> {
    /// Allocates floats at an address that is a multiple of 64 bytes; free them with `deallocate()`.
    package static func allocateAligned(_ count: Int) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer.allocate(byteCount: Swift.max(count, 1) * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    }
}
