/// Eight channels beside each other, or the fewer that are left.
///
/// What is added up for one channel is a chain in which each number waits for the one before; eight wait together.
struct ChannelOctet {
    /// The first channel, a multiple of 8.
    let first: Int
    /// How many channels a row has.
    let channels: Int

    /// The channels.
    var range: Range<Int> { first..<min(first + 8, channels) }

    /// Their numbers in a row of channels; those beyond its end are zeros.
    @inline(__always)
    func numbers(in row: UnsafePointer<Float>) -> SIMD8<Double> {
        if first + 8 <= channels {
            return SIMD8(UnsafeRawPointer(row + first).loadUnaligned(as: SIMD8<Float>.self))
        }
        var numbers = SIMD8<Double>()
        for channel in range { numbers[channel - first] = Double(row[channel]) }
        return numbers
    }
}
