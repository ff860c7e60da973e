internal import MLOpsTensor

/// Moves images between [N, C, H, W], the order of the standard, and [N, H, W, C], that of the kernels.
enum ChannelsLast {
    /// From [N, C, H, W] to [N, H, W, C].
    static func fromFirst(_ tensor: Tensor) -> Tensor {
        let s = tensor.shape
        let result = Tensor(shape: [s[0], s[2], s[3], s[1]])
        transpose(tensor, into: result, images: s[0], rows: s[1], columns: s[2] * s[3])
        return result
    }

    /// From [N, H, W, C] to [N, C, H, W].
    static func toFirst(_ tensor: Tensor) -> Tensor {
        let s = tensor.shape
        let result = Tensor(shape: [s[0], s[3], s[1], s[2]])
        transpose(tensor, into: result, images: s[0], rows: s[1] * s[2], columns: s[3])
        return result
    }

    /// Weights of a convolution from [K, C, R, S] to [R, S, C, K].
    static func weights(_ tensor: Tensor) -> Tensor {
        let s = tensor.shape
        let result = Tensor(shape: [s[2], s[3], s[1], s[0]])
        transpose(tensor, into: result, images: 1, rows: s[0] * s[1], columns: s[2] * s[3])
        // Now [R, S, K, C]: each kernel position is a matrix of its own to be transposed.
        let turned = Tensor(shape: result.shape)
        transpose(result, into: turned, images: s[2] * s[3], rows: s[0], columns: s[1])
        return turned
    }

    /// Transposes each of `images` matrices of `rows` × `columns`, in blocks that stay in the cache.
    private static func transpose(_ source: Tensor, into target: Tensor, images: Int, rows: Int, columns: Int) {
        let block = 16
        for image in 0..<images {
            let from = source.pointer + image * rows * columns
            let to = target.pointer + image * rows * columns
            for top in stride(from: 0, to: rows, by: block) {
                for left in stride(from: 0, to: columns, by: block) {
                    for row in top..<min(top + block, rows) {
                        for column in left..<min(left + block, columns) {
                            to[column * rows + row] = from[row * columns + column]
                        }
                    }
                }
            }
        }
    }
}
