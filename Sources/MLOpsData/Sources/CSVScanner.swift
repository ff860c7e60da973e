/// Finds the fields of one row of CSV in bytes.
struct CSVScanner {
    /// Where a field stands.
    struct Field {
        var range: Range<Int>
        /// Whether it has quotes that are written twice.
        var hasQuotes = false
    }

    /// What was found.
    enum Outcome {
        /// A row of so many bytes, over so many line ends.
        case row([Field], length: Int, lines: Int)
        /// A row that can't be read, to the end of the line with the fault.
        case fault(String, length: Int, lines: Int)
        /// A quoted field that goes on beyond the end of the file.
        case unclosed
        /// More bytes are needed to tell.
        case more
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    let delimiter: UInt8

    /// Scans the row at the beginning of the bytes.
    ///
    /// - Parameter isEnd: whether the file ends with these bytes.
    func scan(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Outcome {
        var fields: [Field] = []
        var lines = 0
        var place = 0
        while true {
            var end: Int
            if place < bytes.count, bytes[place] == Self.quote {
                var field = Field(range: place + 1..<place + 1)
                guard let close = closing(bytes, &field, &lines, isEnd: isEnd) else { return isEnd ? .unclosed : .more }
                end = close + 1
                field.range = place + 1..<close
                fields.append(field)
                if end < bytes.count, bytes[end] == Self.carriageReturn {
                    if end + 1 == bytes.count, !isEnd { return .more }
                    if end + 1 < bytes.count, bytes[end + 1] == Self.lineFeed { end += 1 }
                }
                if end < bytes.count, bytes[end] != delimiter, bytes[end] != Self.lineFeed {
                    return fault("text after a closing quote", bytes, from: end, lines, isEnd: isEnd)
                }
            } else {
                end = place
                while end < bytes.count, bytes[end] != delimiter, bytes[end] != Self.lineFeed {
                    if bytes[end] == Self.quote {
                        return fault("a quote inside a field without quotes", bytes, from: end, lines, isEnd: isEnd)
                    }
                    end += 1
                }
                let endsLine = end < bytes.count && bytes[end] == Self.lineFeed
                let last = endsLine && end > place && bytes[end - 1] == Self.carriageReturn ? end - 1 : end
                fields.append(Field(range: place..<last))
            }
            if end == bytes.count { return isEnd ? .row(fields, length: end, lines: lines + 1) : .more }
            if bytes[end] == Self.lineFeed { return .row(fields, length: end + 1, lines: lines + 1) }
            place = end + 1
        }
    }

    /// Where a quoted field is closed; `nil` when it isn't, or that can't be told yet.
    private func closing(
        _ bytes: UnsafeBufferPointer<UInt8>, _ field: inout Field, _ lines: inout Int, isEnd: Bool
    ) -> Int? {
        var place = field.range.lowerBound
        while place < bytes.count {
            if bytes[place] == Self.lineFeed { lines += 1 }
            if bytes[place] == Self.quote {
                if place + 1 == bytes.count { return isEnd ? place : nil }
                guard bytes[place + 1] == Self.quote else { return place }
                field.hasQuotes = true
                place += 1
            }
            place += 1
        }
        return nil
    }

    private func fault(
        _ what: String, _ bytes: UnsafeBufferPointer<UInt8>, from place: Int, _ lines: Int, isEnd: Bool
    ) -> Outcome {
        if let end = bytes[place...].firstIndex(of: Self.lineFeed) {
            return .fault(what, length: end + 1, lines: lines + 1)
        }
        return isEnd ? .fault(what, length: bytes.count, lines: lines + 1) : .more
    }
}
