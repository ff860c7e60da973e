internal import MLOpsCore

/// What is known of a value before the graph runs.
struct ValueType: Sendable {
    /// The type of its elements.
    var elementType: ElementType
    /// The extent of each dimension, −1 where it is not known; `nil` when not even the rank is known.
    var shape: [Int]?
    /// The value itself, when it is the same in every run.
    var constant: Value?

    /// What is known of a value that changes from run to run.
    init(_ elementType: ElementType, _ shape: [Int]?) {
        self.elementType = elementType
        self.shape = shape
    }

    /// What is known of a constant.
    init(_ constant: Value) {
        elementType = constant.elementType
        shape = constant.shape
        self.constant = constant
    }

    /// The same elements in another shape.
    func reshaped(_ shape: [Int]?) -> ValueType { ValueType(elementType, shape) }
}
