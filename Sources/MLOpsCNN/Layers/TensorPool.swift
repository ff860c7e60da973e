package import MLOpsTensor

/// Tensors that are made once for each shape and used again.
package struct TensorPool {
    private var tensors: [[Int]: Tensor] = [:]

    /// Makes an empty pool.
    package init() {}

    /// The tensor of a shape; it holds what it last held.
    package mutating func tensor(_ shape: [Int]) -> Tensor {
        if let tensor = tensors[shape] { return tensor }
        let tensor = Tensor(shape: shape)
        tensors[shape] = tensor
        return tensor
    }
}
