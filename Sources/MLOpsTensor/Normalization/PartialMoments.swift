/// The mean, and the sum of squared differences from it, of each channel of each part of a tensor.
///
/// Parts are taken by the tasks that write them, while they are in the cache, and joined in order.
struct PartialMoments {
    /// `[parts][2][C]`.
    let values: UnsafeMutablePointer<Float>
    let channels: Int

    /// Takes the moments of one part: some rows of `y`.
    func take(
        _ part: Int, of y: UnsafeMutablePointer<Float>, rows: Range<Int>, _ instructionSet: InstructionSet
    ) {
        let start = UnsafePointer(y + rows.lowerBound * channels)
        let target = values + 2 * part * channels
        var kernel = ChannelsKernel(
            operation: .moments, a: start, b: start, output: target, first: target, second: target + channels,
            scale: start, shift: start, mean: start, slope: start)
        (kernel.rows, kernel.channels) = (rows.count, channels)
        instructionSet.run(kernel)
    }

    /// Joins the parts pair by pair in double precision (Chan, Golub and LeVeque 1983).
    ///
    /// - Parameters:
    ///   - rows: the rows of each part.
    ///   - finish: receives the mean and the biased variance of each channel.
    func join(
        _ parts: Int, rows: (_ part: Int) -> Int,
        _ finish: (_ channel: Int, _ mean: Double, _ variance: Double) -> Void
    ) {
        for start in stride(from: 0, to: channels, by: 8) {
            let octet = ChannelOctet(first: start, channels: channels)
            var (count, mean, squares) = (0.0, SIMD8<Double>(), SIMD8<Double>())
            for part in 0..<parts {
                let row = UnsafePointer(values + 2 * part * channels)
                let partCount = Double(rows(part))
                let difference = octet.numbers(in: row) - mean
                let total = count + partCount
                squares += octet.numbers(in: row + channels)
                squares += difference * difference * count * partCount / total
                mean += difference * partCount / total
                count = total
            }
            for c in octet.range { finish(c, mean[c - start], squares[c - start] / count) }
        }
    }
}
