extension DataValue {
    /// 64 bits by which different values are told apart, the same on every machine: FNV-1a, mixed as in SplitMix64.
    ///
    /// A whole number has the hash of the number of its value.
    var stableHash: UInt64 {
        let tag: UInt8
        let bytes: [UInt8]
        switch self {
        case .null: (tag, bytes) = (0, [])
        case .bool(let value): (tag, bytes) = (1, [value ? 1 : 0])
        case .integer(let value):
            if let number = Double(exactly: value) { return DataValue.number(number).stableHash }
            (tag, bytes) = (2, withUnsafeBytes(of: value.littleEndian) { Array($0) })
        case .number(let value):
            // Both zeros are one value.
            let bits = (value == 0 ? 0 : value).bitPattern.littleEndian
            (tag, bytes) = (3, withUnsafeBytes(of: bits) { Array($0) })
        case .text(let text): (tag, bytes) = (4, Array(text.utf8))
        }
        var hash = (0xCBF2_9CE4_8422_2325 ^ UInt64(tag)) &* 0x100_0000_01B3
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }
}
