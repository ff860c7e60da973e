package import MLOpsTensor

/// A layer at work: it keeps its weights, and between forward and backward what it needs of its input.
///
/// Promises of a conformer:
/// - The tensors that it gives back are its own, the same ones at every step of one batch size: they are allocated
///   at the first step, and hold until the next call.
/// - `backward` belongs to the last `forward`, sets the gradients of the parameters, and may overwrite the gradient
///   that it is given.
package protocol Layer: AnyObject {
    /// What the layer has learned or gathered, in the order of ``NetworkSpec/parameters(for:)``.
    var parameters: [Parameter] { get }
    /// The output for an input [N, …].
    func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features
    /// The gradient for the input, given that for the output; `nil` when nobody needs it. Both are gradients for
    /// values after their activation.
    func backward(_ gradient: Tensor, compute: Compute) -> Tensor?
}
