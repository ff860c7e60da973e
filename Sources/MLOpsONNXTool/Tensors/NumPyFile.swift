import Foundation
import MLOpsCore

/// Tensors as NumPy's `.npy` files.
///
/// Source: NumPy enhancement proposal 1, "A simple file format for NumPy arrays", versions 1.0 to 3.0.
enum NumPyFile {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let types: [(name: String, type: ElementType)] = [
        ("|b1", .bool), ("|u1", .uint8), ("<u2", .uint16), ("<u4", .uint32), ("<u8", .uint64), ("|i1", .int8),
        ("<i2", .int16), ("<i4", .int32), ("<i8", .int64), ("<f2", .float16), ("<f4", .float32), ("<f8", .float64),
    ]

    /// Reads a file; throws `corruptData`, or `unsupported` for other types and for Fortran's order. Texts become bytes in
    /// UTF-8.
    static func read(_ bytes: Data) throws -> TensorValue {
        let bytes = [UInt8](bytes)
        guard bytes.count >= 12, Array(bytes[..<6]) == magic, (1...3).contains(bytes[6]) else { throw damaged }
        let isShort = bytes[6] == 1
        let start = isShort ? 10 : 12
        let length =
            Int(bytes[8]) | Int(bytes[9]) << 8 | (isShort ? 0 : Int(bytes[10]) << 16 | Int(bytes[11]) << 24)
        guard length <= bytes.count - start else { throw damaged }
        let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
        guard let found = header.firstMatch(of: /'descr': *'([^']*)'/),
            let order = header.firstMatch(of: /'fortran_order': *(True|False)/),
            let extents = header.firstMatch(of: /'shape': *\(([0-9, ]*)\)/)
        else { throw damaged }
        let shape = extents.1.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        let content = bytes[(start + length)...]
        guard order.1 == "False" else {
            throw MLOpsError(
                .unsupported, "A NumPy file in Fortran order can't be read.",
                help: "Save it in C order: numpy.ascontiguousarray.")
        }
        if let type = types.first(where: { $0.name == found.1 })?.type {
            return try TensorValue(type, shape: shape, bytes: Array(content))
        }
        guard let text = found.1.firstMatch(of: /^([<|])([US])([0-9]+)$/), let width = Int(text.3), width < 1 << 24
        else {
            throw MLOpsError(
                .unsupported, "A NumPy file of '\(found.1)' can't be read.",
                help: "Save little-endian numbers, or texts of the type 'U' or 'S': array.astype.")
        }
        return try texts(content, width: width, areCharacters: text.2 == "U", shape: shape)
    }

    /// Texts of one width, filled up with zeros: bytes, or characters of 32 bits.
    private static func texts(
        _ content: ArraySlice<UInt8>, width: Int, areCharacters: Bool, shape: [Int]
    ) throws -> TensorValue {
        let (count, size) = (try TensorValue.elementCount(of: shape), areCharacters ? 4 * width : width)
        guard content.count == count.multipliedReportingOverflow(by: size).partialValue else { throw damaged }
        let strings = try (0..<count).map { index in
            let part = content[(content.startIndex + index * size)...].prefix(size)
            guard areCharacters else { return part.lastIndex { $0 != 0 }.map { Array(part[...$0]) } ?? [] }
            var string = ""
            for place in stride(from: part.startIndex, to: part.endIndex, by: 4) {
                let code = (0..<4).reduce(UInt32(0)) { $0 | UInt32(part[place + $1]) << UInt32(8 * $1) }
                guard let scalar = Unicode.Scalar(code) else { throw damaged }
                if code != 0 { string.unicodeScalars.append(scalar) }
            }
            return Array(string.utf8)
        }
        return try TensorValue(.bytes, shape: shape, bytes: TensorValue(byteStrings: strings).bytes)
    }

    private static var damaged: MLOpsError {
        MLOpsError(.corruptData, "This is no NumPy file.", help: "Save an array with numpy.save.")
    }
}
