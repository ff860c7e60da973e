internal import MLOpsCore

/// What is known of a value before the graph runs.
struct ValueType: Sendable {
    /// What kind of value it is.
    enum Form: String, Sendable, Hashable {
        /// A tensor.
        case tensor
        /// Tensors of one element type, one after another; the shape of the value means nothing.
        case sequence
        /// A tensor, or none.
        case optional
        /// A sequence, or none.
        case optionalSequence
        /// A tensor that only leaves the graph, its columns under labels: what `ZipMap` makes.
        case labeledColumns
    }

    /// What kind of value it is.
    var form = Form.tensor
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

    /// What is known of a value that is not a plain tensor.
    init(_ form: Form, _ elementType: ElementType, _ shape: [Int]? = nil) {
        (self.form, self.elementType, self.shape) = (form, elementType, shape)
    }

    /// What is known of a constant.
    init(_ constant: Value) {
        elementType = constant.elementType
        shape = constant.shape
        self.constant = constant
    }

    /// Throws `invalidArgument` for a value of another form.
    func expect(_ expected: Form) throws {
        guard form == expected else {
            throw MLOpsError(
                .invalidArgument, "An input is of the form \(form.rawValue), not \(expected.rawValue).",
                help: "See the ONNX standard.")
        }
    }

    /// The same elements in another shape.
    func reshaped(_ shape: [Int]?) -> ValueType { ValueType(elementType, shape) }
}
