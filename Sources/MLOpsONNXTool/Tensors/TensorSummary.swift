import Foundation
import MLOpsCore

/// A tensor in one line: its type, its shape, its first elements, its range.
struct TensorSummary: Encodable, CustomStringConvertible {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// The first eight elements.
    var first: [TensorElement]
    /// The least and the greatest of the finite numbers.
    var minimum: TensorElement?
    var maximum: TensorElement?
    /// How many elements are not finite.
    var notFinite = 0

    init(_ name: String, _ value: TensorValue) throws {
        (self.name, type, shape) = (name, value.elementType, value.shape)
        let count = value.elementCount
        (first, minimum, maximum, notFinite) = try value.withElements { element in
            var (least, greatest, notFinite) = (nil as Int?, nil as Int?, 0)
            var (low, high) = (Double.infinity, -Double.infinity)
            if value.elementType != .bytes {
                for index in 0..<count {
                    guard let number = element(index).number, number.isFinite else {
                        notFinite += 1
                        continue
                    }
                    if number < low || least == nil { (low, least) = (number, index) }
                    if number > high || greatest == nil { (high, greatest) = (number, index) }
                }
            }
            return ((0..<min(8, count)).map(element), least.map(element), greatest.map(element), notFinite)
        }
    }

    var description: String {
        let elements = first.map(\.description).joined(separator: ", ")
        let range = minimum.flatMap { low in maximum.map { ", from \(low) to \($0)" } } ?? ""
        let odd = notFinite > 0 ? ", \(notFinite) not finite" : ""
        let more = shape.reduce(1, *) > first.count ? ", …" : ""
        return "\(name)  \(type.rawValue) \(shape)  [\(elements)\(more)]\(range)\(odd)"
    }
}
