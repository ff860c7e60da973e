/// Answers the queries of a range of keys: sorts the rows of each key, and looks the queries' times up in them.
struct AsOfSorter: Sendable {
    struct Answer: Sendable {
        var query: Int32
        var row: Int32
    }

    let rows: AsOfTable
    let rowCodes: [Int32]
    let queries: AsOfTable
    let queryCodes: [Int32]
    let tolerance: Int64?

    /// Cuts the numbers 0 ..< codes into ranges with about equally many rows and queries.
    static func ranges(of sides: [[Int32]], codes: Int, parts: Int) -> [Range<Int>] {
        guard codes > 0 else { return [] }
        if parts == 1 { return [0..<codes] }
        var counts = [Int](repeating: 0, count: codes + 1)
        counts.withUnsafeMutableBufferPointer { counts in
            for side in sides { for code in side { counts[Int(code)] += 1 } }
        }
        let share = counts[..<codes].reduce(0, +) / parts + 1
        var (ranges, start, sum) = ([Range<Int>](), 0, 0)
        for code in 0..<codes {
            sum += counts[code]
            if sum >= share {
                ranges.append(start..<code + 1)
                (start, sum) = (code + 1, 0)
            }
        }
        if start < codes { ranges.append(start..<codes) }
        return ranges
    }

    /// The answers to all queries of a range of keys.
    func answers(_ range: Range<Int>) -> [Answer] {
        // A row counts from when it is known.
        let known = AsOfBuckets(codes: rowCodes, times: rows.times, created: rows.created, range)
        let asked = AsOfBuckets(codes: queryCodes, times: queries.times, created: nil, range)
        // Both own the memory that the loop reads through pointers.
        defer { withExtendedLifetime((known, asked)) {} }
        var answers: [Answer] = []
        answers.reserveCapacity(asked.places.count)
        var sorter = BucketSorter()
        for bucket in 0..<range.count {
            let (own, all) = (known.range(bucket), asked.range(bucket))
            if own.isEmpty || all.isEmpty { continue }
            let times = UnsafeMutableBufferPointer(rebasing: known.times[own])
            let places = UnsafeMutableBufferPointer(rebasing: known.places[own])
            sorter.sort(times, places)
            if let created = rows.created { Self.keepBest(places, rows.times, created) }
            var (position, before) = (0, Int64.min)
            for query in all {
                let time = asked.times[query]
                if time >= before {
                    // In order, as far as one sees: go on from where the last one stood.
                    var steps = 0
                    while position < times.count, times[position] <= time, steps < 16 {
                        position += 1
                        steps += 1
                    }
                    if steps == 16 { position = Self.firstAfter(time, in: times, from: position) }
                } else {
                    position = Self.firstAfter(time, in: times, from: 0)
                }
                before = time
                guard position > 0 else { continue }
                let row = places[position - 1]
                if let tolerance {
                    let (age, overflow) = time.subtractingReportingOverflow(rows.times[Int(row)])
                    if overflow || age > tolerance { continue }
                }
                answers.append(Answer(query: asked.places[query], row: row))
            }
        }
        return answers
    }

    /// The first position from `start` on with a later time.
    private static func firstAfter(_ time: Int64, in times: UnsafeMutableBufferPointer<Int64>, from start: Int) -> Int {
        var (low, count) = (start, times.count - start)
        while count > 1 {
            let half = count / 2
            // A choice of values, not of ways: what the times are can't be guessed.
            low = times[low + half - 1] <= time ? low + half : low
            count -= half
        }
        return count == 1 && times[low] <= time ? low + 1 : low
    }

    /// Replaces each row by the best one that is known with it: of the latest time, created last, last in the table.
    private static func keepBest(_ places: UnsafeMutableBufferPointer<Int32>, _ times: [Int64], _ created: [Int64]) {
        var best = Int(places[0])
        for position in places.indices {
            let place = Int(places[position])
            if (times[place], created[place], place) > (times[best], created[best], best) { best = place }
            places[position] = Int32(truncatingIfNeeded: best)
        }
    }
}
