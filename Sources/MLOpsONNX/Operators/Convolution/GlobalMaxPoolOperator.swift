/// `GlobalMaxPool`: the greatest element of each plane.
struct GlobalMaxPoolOperator: GlobalPooling {
    static let name = "GlobalMaxPool"

    init(_ node: inout NodeReader) throws {}

    func pool(_ plane: UnsafeBufferPointer<Float>) -> Float {
        plane.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
    }
}
