internal import MLOpsCore
internal import MLOpsTensor

/// The order in which kernels take 8-bit integers: images with the channels last, all else in row-major order.
enum ByteOrder {
    /// The extents in that order, of a shape in the order of the standard.
    static func shape(_ shape: [Int]) -> [Int] {
        shape.count == 4 ? [shape[0], shape[2], shape[3], shape[1]] : shape
    }

    /// A value of 8-bit integers as kernels take it.
    static func tensor(_ value: Value) -> QuantizedTensor {
        let result = QuantizedTensor(shape: shape(value.shape), isSigned: value.elementType == .int8)
        fill(result, value)
        return result
    }

    /// Copies a value of 8-bit integers to where kernels take it.
    static func fill(_ target: QuantizedTensor, _ value: Value) {
        value.read(as: UInt8.self) { source in
            guard let start = source.baseAddress, source.count == target.count else { return }
            guard value.shape.count == 4 else { return target.pointer.update(from: start, count: source.count) }
            let (channels, plane) = (value.shape[1], value.shape[2] * value.shape[3])
            move(start, images: value.shape[0], rows: channels, columns: plane, to: target.pointer)
        }
    }

    /// What kernels made as a value of a shape.
    static func value(_ tensor: QuantizedTensor, _ shape: [Int]) -> Value {
        Value.make(tensor.isSigned ? .int8 : .uint8, shape, as: UInt8.self) { target in
            guard let start = target.baseAddress else { return }
            guard shape.count == 4 else { return start.update(from: tensor.pointer, count: tensor.count) }
            let (channels, plane) = (shape[1], shape[2] * shape[3])
            move(tensor.pointer, images: shape[0], rows: plane, columns: channels, to: start)
        }
    }

    /// Exchanges the rows and columns of each image.
    private static func move(
        _ source: UnsafePointer<UInt8>, images: Int, rows: Int, columns: Int, to target: UnsafeMutablePointer<UInt8>
    ) {
        for image in 0..<images {
            let (from, to) = (source + image * rows * columns, target + image * rows * columns)
            for row in 0..<rows {
                for column in 0..<columns { to[column * rows + row] = from[row * columns + column] }
            }
        }
    }
}
