package import MLOpsTensor

/// Tensors that are made once for each shape and used again.
package struct TensorPool {
    // Few shapes come up: looking through them needs no memory, which keys of a dictionary would.
    private var tensors: [Tensor] = []

    /// Makes an empty pool.
    package init() {}

    /// The tensor of a shape; it holds what it last held.
    package mutating func tensor(_ shape: [Int]) -> Tensor {
        tensors.first { $0.shape == shape } ?? add(shape)
    }

    /// The tensor of n examples of a shape; it holds what it last held.
    package mutating func tensor(_ example: FeatureShape, batch n: Int) -> Tensor {
        tensors.first { example.isOne(of: n, in: $0.shape) } ?? add(example.batched(n))
    }

    private mutating func add(_ shape: [Int]) -> Tensor {
        let tensor = Tensor(shape: shape)
        tensors.append(tensor)
        return tensor
    }
}
