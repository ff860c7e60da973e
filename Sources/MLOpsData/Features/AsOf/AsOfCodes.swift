/// Numbers the keys of the rows from 0 on, so that they can index tables.
struct AsOfCodes: Sendable {
    /// How many numbers there are.
    let count: Int
    private let least: Int64
    /// A hash table of keys and numbers with open addressing; empty when a key less the least is its number.
    private let slots: [(key: Int64, code: Int32)]

    init(_ rows: AsOfTable) {
        let keys = rows.keys
        let least = keys.min() ?? 0
        let (span, overflow) = (keys.max() ?? 0).subtractingReportingOverflow(least)
        self.least = least
        if !overflow, span < min(4 * keys.count + 1024, Int(Int32.max) - 1) {
            (count, slots) = (keys.isEmpty ? 0 : Int(span) + 1, [])
            return
        }
        var capacity = 1024
        var slots = [(key: Int64, code: Int32)](repeating: (0, -1), count: capacity)
        var used: Int32 = 0
        for key in keys {
            var slot = Self.slot(key, capacity)
            while slots[slot].code >= 0, slots[slot].key != key { slot = (slot + 1) & (capacity - 1) }
            guard slots[slot].code < 0 else { continue }
            slots[slot] = (key, used)
            used += 1
            guard Int(used) * 2 > capacity else { continue }
            let old = slots
            capacity *= 4
            slots = Array(repeating: (0, -1), count: capacity)
            for entry in old where entry.code >= 0 {
                var slot = Self.slot(entry.key, capacity)
                while slots[slot].code >= 0 { slot = (slot + 1) & (capacity - 1) }
                slots[slot] = entry
            }
        }
        (count, self.slots) = (Int(used), slots)
    }

    /// The numbers of the keys of a range of rows; ``count`` for a key that no row has, or that is missing.
    func codes(of table: AsOfTable, _ range: Range<Int>) -> [Int32] {
        let none = Int32(count)
        var codes = table.keys.withUnsafeBufferPointer { keys in
            slots.withUnsafeBufferPointer { slots in
                [Int32](unsafeUninitializedCapacity: range.count) { codes, used in
                    used = range.count
                    if slots.isEmpty {
                        for (i, place) in range.enumerated() {
                            let offset = UInt64(bitPattern: keys[place] &- least)
                            codes[i] =
                                offset < UInt64(none) && keys[place] >= least ? Int32(truncatingIfNeeded: offset) : none
                        }
                        return
                    }
                    for (i, place) in range.enumerated() {
                        var slot = Self.slot(keys[place], slots.count)
                        while slots[slot].code >= 0, slots[slot].key != keys[place] {
                            slot = (slot + 1) & (slots.count - 1)
                        }
                        codes[i] = slots[slot].code >= 0 ? slots[slot].code : none
                    }
                }
            }
        }
        for place in table.missing where range.contains(place) { codes[place - range.lowerBound] = none }
        return codes
    }

    /// The first slot of a key, by the finalizer of SplitMix64; `capacity` is a power of two.
    private static func slot(_ key: Int64, _ capacity: Int) -> Int {
        var bits = UInt64(bitPattern: key)
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: bits ^ (bits >> 31)) & (capacity - 1)
    }
}
