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

    /// Reads a file; throws `corruptData`, or `unsupported` for other types and for Fortran's order.
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
        guard let type = types.first(where: { $0.name == found.1 })?.type, order.1 == "False" else {
            throw MLOpsError(
                .unsupported, "A NumPy file of '\(found.1)', Fortran order \(order.1), can't be read.",
                help: "Save a little-endian array of numbers in C order: numpy.ascontiguousarray.")
        }
        let shape = extents.1.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        return try TensorValue(type, shape: shape, bytes: Array(bytes[(start + length)...]))
    }

    /// The bytes of a file, version 1.0; throws `unsupported` for types that NumPy does not have.
    static func write(_ value: TensorValue) throws -> Data {
        guard let name = types.first(where: { $0.type == value.elementType })?.name else {
            throw MLOpsError(
                .unsupported, "NumPy has no numbers of the type \(value.elementType.rawValue).",
                help: "Write a .pb file instead.")
        }
        let extents = value.shape.map { "\($0)" }.joined(separator: ", ") + (value.shape.count == 1 ? "," : "")
        var header = "{'descr': '\(name)', 'fortran_order': False, 'shape': (\(extents)), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = UInt16(header.utf8.count)
        return Data(magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8) + value.bytes)
    }

    private static var damaged: MLOpsError {
        MLOpsError(.corruptData, "This is no NumPy file.", help: "Save an array with numpy.save.")
    }
}
