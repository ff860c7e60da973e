/// A dense array of 8-bit integers with a shape, in row-major order. What number each stands for is a
/// ``Quantization`` beside it.
///
/// The memory is as ``Tensor``'s: aligned to 64 bytes, zeros at the start, with ``slack`` more bytes behind the end.
package final class QuantizedTensor {
    /// How many bytes past the end may be read and written (never relied on).
    package static let slack = 256

    /// The number of elements along each axis.
    package let shape: [Int]
    /// The number of elements.
    package let count: Int
    /// Whether the bytes are two's complement, from −128 to 127, and not from 0 to 255.
    package let isSigned: Bool
    /// The elements; valid as long as the tensor lives.
    package let pointer: UnsafeMutablePointer<UInt8>
    /// What owns the memory; nil for this tensor itself.
    private let owner: AnyObject?

    /// Makes a tensor of zeros.
    ///
    /// - Parameter shape: The number of elements along each axis, none negative; a shape from outside is checked with
    ///   ``Tensor/elementCount(of:)`` before.
    package init(shape: [Int], isSigned: Bool) {
        precondition(shape.allSatisfy { $0 >= 0 }, "A tensor's shape can't have a negative extent: \(shape)")
        self.shape = shape
        self.isSigned = isSigned
        count = shape.reduce(1, *)
        owner = nil
        let bytes = count + QuantizedTensor.slack
        pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: UInt8.self, capacity: bytes)
        pointer.initialize(repeating: 0, count: bytes)
        MemoryTally.current?.add(bytes)
    }

    /// Makes a tensor of elements that lie in memory of somebody else.
    ///
    /// - Parameters:
    ///   - shape: The number of elements along each axis.
    ///   - memory: The first element, on a boundary of 64 bytes; ``slack`` more bytes than the shape asks for are there,
    ///     and nobody's.
    ///   - owner: What keeps the memory; it lives as long as the tensor.
    package init(shape: [Int], isSigned: Bool, in memory: UnsafeMutablePointer<UInt8>, of owner: AnyObject) {
        (self.shape, self.isSigned, self.owner, pointer) = (shape, isSigned, owner, memory)
        count = shape.reduce(1, *)
    }

    /// The same elements in another shape; they are shared.
    package init(_ other: QuantizedTensor, shape: [Int]) {
        precondition(shape.reduce(1, *) == other.count, "\(other.shape) can't become \(shape)")
        self.shape = shape
        (count, isSigned, pointer, owner) = (other.count, other.isSigned, other.pointer, other)
    }

    deinit { if owner == nil { pointer.deallocate() } }

    /// The element at an index in row-major order.
    package func value(_ index: Int) -> Int {
        isSigned ? Int(Int8(bitPattern: pointer[index])) : Int(pointer[index])
    }

    /// A copy of the bytes in row-major order.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// The extent of the last axis; 1 for a scalar.
    var channels: Int { shape.last ?? 1 }
    /// The lowest number that an element can be.
    var lowest: Int { isSigned ? -128 : 0 }
    /// The highest number that an element can be.
    var highest: Int { lowest + 255 }
}
