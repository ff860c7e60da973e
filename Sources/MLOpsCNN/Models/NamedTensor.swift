/// A tensor of 32-bit floats with its name: what a model keeps of a parameter.
public struct NamedTensor: Sendable, Hashable {
    /// The name, such as `convolution1.weights`.
    public var name: String
    /// The extent of each dimension.
    public var shape: [Int]
    /// The elements, row-major.
    public var values: [Float]

    /// Names a tensor.
    public init(_ name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}
