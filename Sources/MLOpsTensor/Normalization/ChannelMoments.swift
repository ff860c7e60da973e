/// The mean and the biased variance of each channel over the pixels of a batch.
package struct ChannelMoments {
    /// `[C]`.
    package let mean: Tensor
    /// `[C]`.
    package let variance: Tensor

    /// Makes room for the moments of so many channels.
    package init(channels: Int) {
        mean = Tensor(shape: [channels])
        variance = Tensor(shape: [channels])
    }

    // Called by closures: handed on by its name, it would be allocated at each step.
    func set(_ channel: Int, mean: Double, variance: Double) {
        self.mean.pointer[channel] = Float(mean)
        self.variance.pointer[channel] = Float(variance)
    }

    func requireFit(_ x: Tensor) {
        require(mean, "mean", hasCount: x.channels)
        require(variance, "variance", hasCount: x.channels)
        precondition(x.rows > 0, "A batch without rows has no moments; x has shape \(x.shape)")
    }
}
