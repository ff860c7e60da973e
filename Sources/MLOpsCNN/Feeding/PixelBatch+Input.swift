internal import MLOpsCore
package import MLOpsTensor

extension PixelBatch {
    /// Reads the pictures into a network's input [N, H, W, 3], in parallel.
    ///
    /// - Parameters:
    ///   - samplings: how each picture is read.
    ///   - width: the width of the pictures.
    ///   - height: the height of the pictures.
    package func fill(
        _ input: Tensor, _ samplings: [PictureSampling], width: Int, height: Int, compute: Compute
    ) {
        let (outHeight, outWidth) = (input.shape[1], input.shape[2])
        let size = outHeight * outWidth * 3
        pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            compute.parallel(tasks: count) { i in
                samplings[i].read(
                    start + starts[i], width: width, height: height, into: input.pointer + i * size,
                    outWidth: outWidth, outHeight: outHeight)
            }
        }
    }
}

extension Tensor {
    /// The first element that is infinite or no number; `nil` when there is none.
    package var firstNotFinite: Float? { UnsafeBufferPointer(start: pointer, count: count).first { !$0.isFinite } }

    /// The number of rows [N, K] whose greatest value is at the row's label.
    package func correctRows(_ labels: [Int]) -> Int {
        let classes = shape[1]
        return labels.enumerated().count { row, label in
            let values = pointer + row * classes
            return (0..<classes).allSatisfy { values[$0] < values[label] || $0 == label }
        }
    }
}
