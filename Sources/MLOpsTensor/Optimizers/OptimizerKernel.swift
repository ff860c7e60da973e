internal import CTensorDispatch

/// A step of an optimizer on some weights.
struct OptimizerKernel {
    enum Operation { case sgd, nesterov, adam }

    var operation: Operation
    var weights: UnsafeMutablePointer<Float>
    var gradient: UnsafePointer<Float>
    /// The velocity, or the mean of gradients.
    var first: UnsafeMutablePointer<Float>
    /// The mean of squared gradients.
    var second: UnsafeMutablePointer<Float>
    var count = 0
    /// What weights are multiplied with first.
    var shrink: Float = 1
    /// What is added to the gradient, times weights.
    var weightDecay: Float = 0
    var rate: Float = 0
    var momentum: Float = 0
    var beta1: Float = 0, beta2: Float = 0, epsilon: Float = 0
    /// 1 / √(1 − β₂ᵗ).
    var secondCorrection: Float = 1
}

@inline(__always)
private func runOptimizer<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: OptimizerKernel.self).pointee
    let whole = kernel.count &- kernel.count % V.width
    runOptimizer(V.self, kernel, from: 0, to: whole)
    runOptimizer(Vector1.self, kernel, from: whole, to: kernel.count)
}

@inline(__always)
private func runOptimizer<V: FloatVector>(_: V.Type, _ kernel: OptimizerKernel, from start: Int, to end: Int) {
    var i = start
    let decay = V(kernel.weightDecay)
    let rate = V(0 - kernel.rate)
    if kernel.operation == .adam {
        let shrink = V(kernel.shrink)
        let (beta1, beta2) = (V(kernel.beta1), V(kernel.beta2))
        let (rest1, rest2) = (V(1 - kernel.beta1), V(1 - kernel.beta2))
        let (correction, epsilon) = (V(kernel.secondCorrection), V(kernel.epsilon))
        while i < end {
            let old = V.load(kernel.weights + i)
            let g = V.load(kernel.gradient + i).adding(decay, times: old)
            let m = (rest1 * g).adding(beta1, times: V.load(kernel.first + i))
            let v = (rest2 * g * g).adding(beta2, times: V.load(kernel.second + i))
            m.store(kernel.first + i)
            v.store(kernel.second + i)
            let deviation = epsilon.adding(v.squareRoot(), times: correction)
            (shrink * old).adding(rate, times: m / deviation).store(kernel.weights + i)
            i &+= V.width
        }
    } else {
        let momentum = V(kernel.momentum)
        while i < end {
            let old = V.load(kernel.weights + i)
            let g = V.load(kernel.gradient + i).adding(decay, times: old)
            let v = g.adding(momentum, times: V.load(kernel.first + i))
            v.store(kernel.first + i)
            let step = kernel.operation == .nesterov ? g.adding(momentum, times: v) : v
            old.adding(rate, times: step).store(kernel.weights + i)
            i &+= V.width
        }
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_optimizer_8) func runOptimizer8(_ arguments: UnsafeRawPointer) { runOptimizer(Vector8.self, arguments) }
    @c(mlops_optimizer_16) func runOptimizer16(_ arguments: UnsafeRawPointer) { runOptimizer(Vector16.self, arguments) }
#endif
@inline(never) private func runOptimizer4(_ arguments: UnsafeRawPointer) { runOptimizer(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: OptimizerKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_optimizer_avx512(raw)
                case 8: mlops_optimizer_avx2(raw)
                default: runOptimizer4(raw)
                }
            #else
                runOptimizer4(raw)
            #endif
        }
    }
}
