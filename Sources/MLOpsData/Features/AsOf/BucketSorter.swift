/// Sorts the rows of one key by time, those of equal time in the order of the table.
struct BucketSorter {
    private var packed: [UInt64] = []
    private var moved: [Int32] = []

    /// Sorts both columns alike; what is sorted already costs one look at it.
    mutating func sort(_ times: UnsafeMutableBufferPointer<Int64>, _ places: UnsafeMutableBufferPointer<Int32>) {
        var (isSorted, least, greatest) = (true, Int64.max, Int64.min)
        var previous = Int64.min
        for time in times {
            if time < previous { isSorted = false }
            (least, greatest, previous) = (min(least, time), max(greatest, time), time)
        }
        if isSorted { return }
        let (span, overflow) = greatest.subtractingReportingOverflow(least)
        let bits = UInt64.bitWidth - UInt64(times.count - 1).leadingZeroBitCount
        let spanBits = UInt64.bitWidth - UInt64(bitPattern: span).leadingZeroBitCount
        guard !overflow, spanBits + bits <= UInt64.bitWidth else {
            sortPairs(times, places)
            return
        }
        // Time and place in one number, which is sorted as such.
        packed.removeAll(keepingCapacity: true)
        moved.removeAll(keepingCapacity: true)
        for (i, time) in times.enumerated() {
            packed.append(UInt64(bitPattern: time &- least) << UInt64(bits) | UInt64(i))
            moved.append(places[i])
        }
        packed.withUnsafeMutableBufferPointer { $0.sort() }
        let mask = (UInt64(1) << UInt64(bits)) - 1
        for (i, number) in packed.enumerated() {
            times[i] = Int64(bitPattern: number >> UInt64(bits)) &+ least
            places[i] = moved[Int(number & mask)]
        }
    }

    private func sortPairs(
        _ times: UnsafeMutableBufferPointer<Int64>, _ places: UnsafeMutableBufferPointer<Int32>
    ) {
        let sorted = zip(times, places).sorted { $0 < $1 }
        for (i, pair) in sorted.enumerated() { (times[i], places[i]) = pair }
    }
}
