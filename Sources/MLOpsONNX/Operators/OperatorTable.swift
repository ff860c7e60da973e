/// Every operator that can be read and run. To add one, conform a type to ``Operator`` and name it here.
package enum OperatorTable {
    /// The operators by their name in the standard.
    static let operators = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The name of each operator and the operator sets in whose definition it is implemented, by name.
    package static let documentation: [(name: String, operatorSets: ClosedRange<Int>)] =
        all.map { ($0.name, $0.operatorSets) }.sorted { $0.0 < $1.0 }

    private static let all: [any Operator.Type] = [
        // Activation
        ClipOperator.self, DropoutOperator.self, ErfOperator.self, ReluOperator.self, SigmoidOperator.self,
        SoftmaxOperator.self,
        TanhOperator.self,
        // Arithmetic
        AddOperator.self, DivOperator.self, MulOperator.self, SubOperator.self,
        // Arrangement
        CastOperator.self, ConcatOperator.self, ConstantOperator.self, FlattenOperator.self, GatherOperator.self,
        IdentityOperator.self, PadOperator.self, ReshapeOperator.self, ShapeOperator.self, SqueezeOperator.self,
        TransposeOperator.self, UnsqueezeOperator.self,
        // Convolution
        AveragePoolOperator.self, BatchNormalizationOperator.self, ConvOperator.self, GlobalAveragePoolOperator.self,
        InstanceNormalizationOperator.self, MaxPoolOperator.self,
        // Linear
        GemmOperator.self, MatMulOperator.self,
    ]
}
