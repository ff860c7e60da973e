import Foundation
import MLOpsCore
import Testing

@Test func `a date that is written, read and written again keeps its spelling`() throws {
    for start in [-1_000_000_000.0, 0, 1_772_000_000] {
        for i in 0..<2000 {
            let date = Date(timeIntervalSince1970: start + Double(i) / 1000)
            let first = try CanonicalJSON.encode([date])
            let copy = try CanonicalJSON.decode([Date].self, from: first)
            let second = try CanonicalJSON.encode(copy)
            #expect(first == second)
            #expect(copy == [Date(timeIntervalSince1970: (start * 1000 + Double(i)) / 1000)])
            let text = String(decoding: first, as: UTF8.self)
            let digits = String(1000 + i % 1000).dropFirst()
            #expect(text.hasSuffix(".\(digits)Z\"]"), "\(text) is no \(digits)")
        }
    }
}
