/// The rows of a range of keys, those of a key next to each other, in the order of the table.
final class AsOfBuckets {
    /// When each row counts from: its time, or its creation when that is later.
    let times: UnsafeMutableBufferPointer<Int64>
    /// The place of each row in the table.
    let places: UnsafeMutableBufferPointer<Int32>
    /// Where the rows of each key begin, and the end.
    private let starts: [Int]

    init(codes: [Int32], times: [Int64], created: [Int64]?, _ range: Range<Int>) {
        // Keys of other ranges are counted as one more key, at the end, so that no step depends on whose a row is.
        let (first, others) = (UInt32(range.lowerBound), UInt32(range.count))
        var ends = [Int](repeating: 0, count: range.count + 2)
        ends.withUnsafeMutableBufferPointer { ends in
            for code in codes { ends[Int(min(UInt32(bitPattern: code) &- first, others)) + 1] += 1 }
        }
        for key in 0..<range.count { ends[key + 1] += ends[key] }
        let count = ends[range.count]
        starts = Array(ends.dropLast())
        // One place more, for all the others.
        let knownTimes = UnsafeMutableBufferPointer<Int64>.allocate(capacity: count + 1)
        let placed = UnsafeMutableBufferPointer<Int32>.allocate(capacity: count + 1)
        ends.withUnsafeMutableBufferPointer { ends in
            func fill(_ known: (Int) -> Int64) {
                for (place, code) in codes.enumerated() {
                    let key = Int(min(UInt32(bitPattern: code) &- first, others))
                    let position = ends[key]
                    knownTimes[position] = known(place)
                    placed[position] = Int32(truncatingIfNeeded: place)
                    ends[key] = position + (key < range.count ? 1 : 0)
                }
            }
            times.withUnsafeBufferPointer { times in
                guard let created else { return fill { times[$0] } }
                created.withUnsafeBufferPointer { created in fill { max(times[$0], created[$0]) } }
            }
        }
        (self.times, places) = (knownTimes, placed)
    }

    deinit {
        times.deallocate()
        places.deallocate()
    }

    /// Where the rows of a key of the range are.
    func range(_ key: Int) -> Range<Int> { starts[key]..<starts[key + 1] }
}
