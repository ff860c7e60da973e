/// Every operator that can be read and run. To add one, conform a type to ``Operator`` and name it here.
enum OperatorTable {
    /// The operators by their name in the standard.
    static let operators = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let all: [any Operator.Type] = [
        // Activation
        ClipOperator.self, DropoutOperator.self, ReluOperator.self, SigmoidOperator.self, SoftmaxOperator.self,
        TanhOperator.self,
        // Arithmetic
        AddOperator.self, DivOperator.self, MulOperator.self, SubOperator.self,
        // Arrangement
        CastOperator.self, ConcatOperator.self, ConstantOperator.self, FlattenOperator.self, GatherOperator.self,
        IdentityOperator.self, PadOperator.self, ReshapeOperator.self, ShapeOperator.self, SqueezeOperator.self,
        TransposeOperator.self, UnsqueezeOperator.self,
        // Convolution
        AveragePoolOperator.self, BatchNormalizationOperator.self, ConvOperator.self, GlobalAveragePoolOperator.self,
        MaxPoolOperator.self,
        // Linear
        GemmOperator.self, MatMulOperator.self,
    ]
}
