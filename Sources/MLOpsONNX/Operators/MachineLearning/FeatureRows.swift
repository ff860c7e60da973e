internal import MLOpsCore
internal import MLOpsTensor

/// The input of a classical model: rows of features [N, F]; a vector [F] is one row.
struct FeatureRows {
    /// The features as floats; only to be read.
    let elements: Tensor
    /// The number of rows.
    let count: Int
    /// The number of features of each.
    let features: Int

    /// Takes numbers of any type.
    init(_ value: Value, in context: RunContext) throws {
        let shape = try Self.shape(value.shape)
        (count, features) = (shape[0], shape[1])
        let floats = try value.converted(to: .float32, in: context)
        elements = try floats.floats()
    }

    /// A row.
    func row(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(elements.pointer + index * features) }

    /// The shape [N, F] of an input; throws `invalidArgument` for one of no or more than two dimensions.
    static func shape(_ shape: [Int]) throws -> [Int] {
        switch shape.count {
        case 1: return [1, shape[0]]
        case 2: return shape
        default:
            throw MLOpsError(
                .invalidArgument, "Features can't have the shape \(shape).", help: "Give rows of features [N, F].")
        }
    }

    /// What is known of rows with as many columns, −1 for as many as there are features; throws for an input that
    /// can't be computed with.
    static func infer(_ x: ValueType, columns: Int, expecting features: Int? = nil) throws -> ValueType {
        _ = try x.elementType.numeric()
        guard let shape = try x.shape.map({ try Self.shape($0) }) else { return ValueType(.float32, [-1, columns]) }
        if let features, shape[1] != -1 { try expect(features, of: shape[1]) }
        return ValueType(.float32, [shape[0], columns == -1 ? shape[1] : columns])
    }

    /// Throws `invalidArgument` when rows have too few features.
    static func expect(_ features: Int, of found: Int) throws {
        guard found >= features else {
            throw MLOpsError(
                .invalidArgument, "Rows have \(found) features, but the model needs \(features).",
                help: "Give the features that the model was fitted on.")
        }
    }
}

extension Value {
    /// The elements as another type, rounded and limited as `Cast` does.
    func converted(to target: ElementType, in context: RunContext) throws -> Value {
        if elementType == target { return self }
        return try CastOperator.cast(self, elementType.castable(), target.castable(), to: target, in: context)
    }
}
