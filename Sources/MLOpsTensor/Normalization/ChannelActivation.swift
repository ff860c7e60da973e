/// What is still to be done to the channels of a tensor when it is read: relu(x · scale + shift).
///
/// Batch normalization and ReLU leave it to the reader, so that their result is never written to memory.
package struct ChannelActivation {
    /// What each channel is multiplied by, `[C]`.
    package let scale: Tensor
    /// What is then added, `[C]`.
    package let shift: Tensor

    /// Makes an activation of `channels` channels, to be filled.
    package init(channels: Int) {
        scale = Tensor(shape: [channels])
        shift = Tensor(shape: [channels])
    }

    func requireFit(_ x: Tensor) {
        require(scale, "the activation's scale", hasCount: x.channels)
        require(shift, "the activation's shift", hasCount: x.channels)
    }
}
