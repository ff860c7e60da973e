/// Every operator that can be read and run. To add one, conform a type to ``Operator`` and name it here.
package enum OperatorTable {
    /// The operators by their name in the standard.
    static let operators = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The name of each operator and the operator sets in whose definition it is implemented, by name.
    package static let documentation: [(name: String, operatorSets: ClosedRange<Int>)] =
        all.map { ($0.name, $0.operatorSets) }.sorted { $0.0 < $1.0 }

    private static let all: [any Operator.Type] = [
        // Activation
        CeluOperator.self, ClipOperator.self, DropoutOperator.self, EluOperator.self, ErfOperator.self,
        GeluOperator.self, HardSigmoidOperator.self, HardSwishOperator.self, HardmaxOperator.self,
        LeakyReluOperator.self, LogSoftmaxOperator.self, MishOperator.self, PReluOperator.self, ReluOperator.self,
        SeluOperator.self, ShrinkOperator.self, SigmoidOperator.self, SoftmaxOperator.self, SoftplusOperator.self,
        SoftsignOperator.self, SwishOperator.self, TanhOperator.self, ThresholdedReluOperator.self,
        // Arithmetic
        AbsOperator.self, AcosOperator.self, AcoshOperator.self, AddOperator.self, AsinOperator.self,
        AsinhOperator.self, AtanOperator.self, AtanhOperator.self, CeilOperator.self, CosOperator.self,
        CoshOperator.self, DivOperator.self, ExpOperator.self, FloorOperator.self, LogOperator.self, MaxOperator.self,
        MeanOperator.self, MinOperator.self, ModOperator.self, MulOperator.self, NegOperator.self, PowOperator.self,
        ReciprocalOperator.self, RoundOperator.self, SignOperator.self, SinOperator.self, SinhOperator.self,
        SqrtOperator.self, SubOperator.self, SumOperator.self, TanOperator.self,
        // Arrangement
        BitCastOperator.self, CastOperator.self, CastLikeOperator.self, CompressOperator.self, ConcatOperator.self,
        ConstantOperator.self,
        ConstantOfShapeOperator.self, DepthToSpaceOperator.self, ExpandOperator.self, EyeLikeOperator.self,
        FlattenOperator.self, GatherOperator.self, GatherElementsOperator.self, GatherNDOperator.self,
        IdentityOperator.self, NonZeroOperator.self, OneHotOperator.self, PadOperator.self, RangeOperator.self,
        ReshapeOperator.self, ReverseSequenceOperator.self, ScatterOperator.self, ScatterElementsOperator.self,
        ScatterNDOperator.self,
        ShapeOperator.self, SizeOperator.self, SliceOperator.self, SpaceToDepthOperator.self, SplitOperator.self,
        SqueezeOperator.self, TileOperator.self, TopKOperator.self, TransposeOperator.self, TriluOperator.self,
        UniqueOperator.self, UnsqueezeOperator.self,
        // Attention
        AttentionOperator.self,
        // Control
        IfOperator.self, LoopOperator.self, ScanOperator.self,
        // Convolution
        AveragePoolOperator.self, BatchNormalizationOperator.self, ConvOperator.self, GlobalAveragePoolOperator.self,
        ConvTransposeOperator.self, GlobalLpPoolOperator.self, GlobalMaxPoolOperator.self,
        InstanceNormalizationOperator.self, LpPoolOperator.self, MaxPoolOperator.self,
        // Image
        GridSampleOperator.self, NonMaxSuppressionOperator.self, ResizeOperator.self, UpsampleOperator.self,
        // Linear
        DetOperator.self, EinsumOperator.self, GemmOperator.self, MatMulOperator.self,
        // Logic
        AndOperator.self, BitShiftOperator.self, BitwiseAndOperator.self, BitwiseNotOperator.self,
        BitwiseOrOperator.self, BitwiseXorOperator.self, EqualOperator.self, GreaterOperator.self,
        GreaterOrEqualOperator.self, IsInfOperator.self, IsNaNOperator.self, LessOperator.self,
        LessOrEqualOperator.self, NotOperator.self, OrOperator.self, WhereOperator.self, XorOperator.self,
        // Loss
        NegativeLogLikelihoodLossOperator.self, SoftmaxCrossEntropyLossOperator.self,
        // Machine learning
        ArrayFeatureExtractorOperator.self, BinarizerOperator.self, CategoryMapperOperator.self,
        FeatureVectorizerOperator.self, ImputerOperator.self, LabelEncoderOperator.self,
        LinearClassifierOperator.self, LinearRegressorOperator.self, NormalizerOperator.self,
        OneHotEncoderOperator.self, SVMClassifierOperator.self, SVMRegressorOperator.self, ScalerOperator.self,
        TreeEnsembleOperator.self, TreeEnsembleClassifierOperator.self, TreeEnsembleRegressorOperator.self,
        ZipMapOperator.self,
        // Normalization
        GroupNormalizationOperator.self, LRNOperator.self, LayerNormalizationOperator.self,
        LpNormalizationOperator.self, MeanVarianceNormalizationOperator.self, RMSNormalizationOperator.self,
        // Quantization
        ConvIntegerOperator.self, DequantizeLinearOperator.self, DynamicQuantizeLinearOperator.self,
        MatMulIntegerOperator.self, QLinearConvOperator.self, QLinearMatMulOperator.self, QuantizeLinearOperator.self,
        // Random
        BernoulliOperator.self, RandomNormalOperator.self, RandomNormalLikeOperator.self,
        RandomUniformOperator.self, RandomUniformLikeOperator.self,
        // Recurrent
        GRUOperator.self, LSTMOperator.self, RNNOperator.self,
        // Reduction
        ArgMaxOperator.self, ArgMinOperator.self, CumProdOperator.self, CumSumOperator.self, ReduceL1Operator.self,
        ReduceL2Operator.self,
        ReduceLogSumOperator.self, ReduceLogSumExpOperator.self, ReduceMaxOperator.self, ReduceMeanOperator.self,
        ReduceMinOperator.self, ReduceProdOperator.self, ReduceSumOperator.self, ReduceSumSquareOperator.self,
        // Sequence
        ConcatFromSequenceOperator.self, OptionalOperator.self, OptionalGetElementOperator.self,
        OptionalHasElementOperator.self, SequenceAtOperator.self, SequenceConstructOperator.self,
        SequenceEmptyOperator.self, SequenceEraseOperator.self, SequenceInsertOperator.self,
        SequenceLengthOperator.self, SequenceMapOperator.self, SplitToSequenceOperator.self,
        // Text
        StringConcatOperator.self, StringNormalizerOperator.self, StringSplitOperator.self,
    ]
}
