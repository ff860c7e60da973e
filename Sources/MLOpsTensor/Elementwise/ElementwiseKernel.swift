internal import CTensorDispatch

/// An operation on the elements of some tensors, one by one.
struct ElementwiseKernel {
    enum Operation { case relu, reluBackward, add, multiply }

    var operation: Operation
    var a: UnsafePointer<Float>
    var b: UnsafePointer<Float>
    var c: UnsafeMutablePointer<Float>
    var count = 0
}

@inline(__always)
private func mapElements<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: ElementwiseKernel.self).pointee
    let whole = kernel.count &- kernel.count % V.width
    mapElements(V.self, kernel, from: 0, to: whole)
    mapElements(Vector1.self, kernel, from: whole, to: kernel.count)
}

@inline(__always)
private func mapElements<V: FloatVector>(_: V.Type, _ kernel: ElementwiseKernel, from start: Int, to end: Int) {
    let (a, b, c) = (kernel.a, kernel.b, kernel.c)
    var i = start
    switch kernel.operation {
    case .relu:
        while i < end {
            V.load(a + i).relu().store(c + i)
            i &+= V.width
        }
    case .reluBackward:
        while i < end {
            V.load(a + i).kept(wherePositive: V.load(b + i)).store(c + i)
            i &+= V.width
        }
    case .add:
        while i < end {
            (V.load(a + i) + V.load(b + i)).store(c + i)
            i &+= V.width
        }
    case .multiply:
        while i < end {
            (V.load(a + i) * V.load(b + i)).store(c + i)
            i &+= V.width
        }
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_elementwise_8) func mapElements8(_ arguments: UnsafeRawPointer) { mapElements(Vector8.self, arguments) }
    @c(mlops_elementwise_16) func mapElements16(_ arguments: UnsafeRawPointer) { mapElements(Vector16.self, arguments) }
#endif
@inline(never) private func mapElements4(_ arguments: UnsafeRawPointer) { mapElements(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: ElementwiseKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_elementwise_avx512(raw)
                case 8: mlops_elementwise_avx2(raw)
                default: mapElements4(raw)
                }
            #else
                mapElements4(raw)
            #endif
        }
    }
}
