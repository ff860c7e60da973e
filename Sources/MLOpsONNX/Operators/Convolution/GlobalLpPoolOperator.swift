/// `GlobalLpPool`: the p-norm of each plane.
struct GlobalLpPoolOperator: GlobalPooling {
    static let name = "GlobalLpPool"
    private let norm: PowerNorm

    init(_ node: inout NodeReader) throws { norm = try PowerNorm(&node) }

    func pool(_ plane: UnsafeBufferPointer<Float>) -> Float { norm.root(plane.reduce(0) { $0 + norm.term($1) }) }
}
