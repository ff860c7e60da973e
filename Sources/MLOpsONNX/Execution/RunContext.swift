internal import MLOpsCore
internal import MLOpsTensor

/// What operators share while a graph runs: the kernels, and memory within limits.
struct RunContext: Sendable {
    /// The kernels.
    let compute: Compute
    /// The limits on what is made.
    let limits: ONNXLimits
    /// What is left of the iterations of one run, within its loops.
    private(set) var budget: IterationBudget?

    /// Shares kernels, within limits.
    init(compute: Compute, limits: ONNXLimits) { (self.compute, self.limits) = (compute, limits) }

    /// The same for the body of a loop, with the iterations that are left when it is in another loop.
    func inLoop() -> (context: RunContext, budget: IterationBudget) {
        let budget = budget ?? IterationBudget(limits.iterationCount)
        var context = self
        context.budget = budget
        return (context, budget)
    }

    /// Makes a tensor of zeros; throws `limitExceeded` or `invalidArgument` for a shape that is too large or none.
    func tensor(_ shape: [Int]) throws -> Tensor {
        _ = try limits.elementCount(of: shape, in: "a result")
        return Tensor(shape: shape)
    }

    /// Makes a value whose elements a closure writes, all of them, in row-major order; throws as ``tensor(_:)`` does.
    func make<Element: BitwiseCopyable>(
        _ elementType: ElementType, _ shape: [Int], as type: Element.Type,
        _ fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) throws -> Value {
        _ = try limits.elementCount(of: shape, in: "a result")
        return try Value.make(elementType, shape, as: type, fill)
    }

    /// Makes a value of strings in row-major order, as many as the shape asks for; throws `limitExceeded` when they
    /// have too many bytes.
    func strings(_ strings: [[UInt8]], shape: [Int]) throws -> Value {
        try limits.checkStrings(strings.reduce(0) { $0 &+ $1.count })
        return Value(strings: strings, shape: shape)
    }

    /// Makes a one-dimensional value of 64-bit integers, such as a shape.
    func integers(_ elements: [Int]) throws -> Value {
        try make(.int64, [elements.count], as: Int64.self) { target in
            for (index, element) in elements.enumerated() { target[index] = Int64(element) }
        }
    }
}

extension Value {
    /// The elements of a value of 32-bit or 64-bit integers, such as axes or a shape.
    func integers() throws -> [Int] {
        switch elementType {
        case .int64: read(as: Int64.self) { $0.map(Int.init) }
        case .int32: read(as: Int32.self) { $0.map(Int.init) }
        default: throw MLOpsError.unsupported(elementType, instead: "INT64")
        }
    }
}
