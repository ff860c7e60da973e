package import Foundation

/// Reads the members of one JSON object.
///
/// The whole text is checked, and numbers keep their spelling, so that none is rounded. Names that stand twice, halves
/// of surrogate pairs and nesting beyond a limit are refused. Source: RFC 8259.
package struct JSONObjectReader {
    /// A member's value.
    package enum Value: Hashable, Sendable {
        case null
        case string(String)
        /// A number as it is spelled, `true` or `false`.
        case literal(String)
        /// An object or array, as it is spelled.
        case nested(String)

        /// The value as text; `nil` for null.
        package var text: String? {
            switch self {
            case .null: nil
            case .string(let text), .literal(let text), .nested(let text): text
            }
        }
    }

    /// What is wrong with a text, and where.
    package struct Fault: Error, Hashable {
        package var what: String
        /// The number of bytes before the place.
        package var place: Int

        package init(what: String, place: Int) {
            self.what = what
            self.place = place
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    private var place = 0

    /// The members of the object that the bytes spell.
    package static func members(of bytes: Data, maxDepth: Int) throws(Fault) -> [String: Value] {
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(Fault) in try members(of: bytes.bindMemory(to: UInt8.self), maxDepth: maxDepth) }
        }.get()
    }

    /// The members of the object that the bytes spell.
    static func members(of bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) throws(Fault) -> [String: Value] {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(what: "broken UTF-8", place: 0) }
        var reader = JSONObjectReader(bytes: bytes, maxDepth: maxDepth)
        return try reader.object()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    private mutating func object() throws(Fault) -> [String: Value] {
        var members: [String: Value] = [:]
        skipSpace()
        guard take("{") else { throw fault("no object") }
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                let name = try string()
                try expect(":")
                skipSpace()
                guard members.updateValue(try value(), forKey: name) == nil else {
                    throw fault("the name '\(name.prefix(40))' twice")
                }
                skipSpace()
            } while take(",")
            guard take("}") else { throw fault("no , or } after a value") }
        }
        skipSpace()
        guard place == bytes.count else { throw fault("text after the object") }
        return members
    }

    private mutating func value() throws(Fault) -> Value {
        let start = place
        switch peek {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skipValue(depth: 1)
            return .nested(text(from: start))
        case UInt8(ascii: "n"):
            try skipValue(depth: 1)
            return .null
        default:
            try skipValue(depth: 1)
            return .literal(text(from: start))
        }
    }

    /// Checks a value and passes over it.
    private mutating func skipValue(depth: Int) throws(Fault) {
        guard depth < maxDepth else { throw fault("nesting deeper than \(maxDepth)") }
        switch peek {
        case UInt8(ascii: "{"):
            place += 1
            skipSpace()
            if take("}") { return }
            repeat {
                skipSpace()
                _ = try string()
                try expect(":")
                skipSpace()
                try skipValue(depth: depth + 1)
                skipSpace()
            } while take(",")
            guard take("}") else { throw fault("no , or } after a value") }
        case UInt8(ascii: "["):
            place += 1
            skipSpace()
            if take("]") { return }
            repeat {
                skipSpace()
                try skipValue(depth: depth + 1)
                skipSpace()
            } while take(",")
            guard take("]") else { throw fault("no , or ] after a value") }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func number() throws(Fault) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("-") { _ = take("+") }
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = place
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        if place == start { throw fault("no JSON value") }
    }

    private mutating func string() throws(Fault) -> String {
        guard take("\"") else { throw fault("no string") }
        var start = place
        var result = ""
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                result += text(from: start)
                place += 1
                return result
            case UInt8(ascii: "\\"):
                result += text(from: start)
                place += 1
                result.unicodeScalars.append(try escaped())
                start = place
            case 0..<0x20: throw fault("a control character in a string")
            default: place += 1
            }
        }
        throw fault("a string that is never closed")
    }

    private mutating func escaped() throws(Fault) -> Unicode.Scalar {
        guard let byte = peek else { throw fault("a string that is never closed") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard take("\\"), take("u") else { throw fault("half a surrogate pair") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
                code = 0x1_0000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
            return scalar
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("an escape without 4 hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }

    private mutating func word(_ word: StaticString) throws(Fault) {
        let isThere = word.withUTF8Buffer { bytes[place...].starts(with: $0) }
        guard isThere else { throw fault("no JSON value") }
        place += word.utf8CodeUnitCount
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(Fault) {
        skipSpace()
        guard take(byte) else { throw fault("no \(byte)") }
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
        guard let byte = peek, UInt32(byte) == wanted.value else { return false }
        place += 1
        return true
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<place], as: UTF8.self) }

    private func fault(_ what: String) -> Fault { Fault(what: what, place: place) }
}
