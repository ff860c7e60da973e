/// Goes through channels by eights: they are worked on side by side, for what is done to one channel is a long chain.
///
/// - Parameter body: is told the first channel, and how to load the eight numbers of a row of channels; beyond its end
///   they are those of the last channel.
@inline(__always)
func forEachOctet(of channels: Int, _ body: (_ first: Int, _ load: (UnsafePointer<Float>) -> SIMD8<Double>) -> Void) {
    let whole = channels - channels % 8
    for first in stride(from: 0, to: whole, by: 8) {
        body(first) { SIMD8(UnsafeRawPointer($0 + first).loadUnaligned(as: SIMD8<Float>.self)) }
    }
    guard whole < channels else { return }
    body(whole) { row in
        var numbers = SIMD8<Double>()
        for lane in 0..<8 { numbers[lane] = Double(row[min(whole + lane, channels - 1)]) }
        return numbers
    }
}
