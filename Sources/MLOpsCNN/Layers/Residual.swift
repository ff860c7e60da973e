package import MLOpsTensor

/// The sum of what two branches make of the same input; a branch without layers gives the input itself.
package final class Residual: Layer {
    package let parameters: [Parameter]
    private let body: [any Layer]
    private let shortcut: [any Layer]
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer of its branches.
    package init(_ body: [any Layer], shortcut: [any Layer]) {
        self.body = body
        self.shortcut = shortcut
        parameters = (body + shortcut).flatMap(\.parameters)
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = Features(input.plain)
        let a = body.reduce(x) { $1.forward($0, pass, compute: compute) }.plain
        let b = shortcut.reduce(x) { $1.forward($0, pass, compute: compute) }.plain
        let y = outputs.tensor(a.shape)
        compute.add(a, b, into: y)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        // Each branch may overwrite what it is given.
        let copy = gradients.tensor(gradient.shape)
        copy.pointer.update(from: gradient.pointer, count: gradient.count)
        let (own, around) = (gradients(body, gradient, compute), gradients(shortcut, copy, compute))
        guard let a = own, let b = around else { return nil }
        compute.add(a, b, into: b)
        return b
    }

    private func gradients(_ branch: [any Layer], _ gradient: Tensor, _ compute: Compute) -> Tensor? {
        var gradient: Tensor? = gradient
        for layer in branch.reversed() { gradient = gradient.flatMap { layer.backward($0, compute: compute) } }
        return gradient
    }
}
