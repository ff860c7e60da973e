internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_product_8) func multiplyBlock8(_ arguments: UnsafeRawPointer) {
        multiplyBlock(Vector8.self, EvenRows.self, arguments)
    }
    @c(mlops_product_16) func multiplyBlock16(_ arguments: UnsafeRawPointer) {
        multiplyBlock(Vector16.self, EvenRows.self, arguments)
    }
    @c(mlops_product_narrow_8) func multiplyNarrowBlock8(_ arguments: UnsafeRawPointer) {
        multiplyNarrowBlock(Vector8.self, EvenRows.self, arguments)
    }
    @c(mlops_product_narrow_16) func multiplyNarrowBlock16(_ arguments: UnsafeRawPointer) {
        multiplyNarrowBlock(Vector16.self, EvenRows.self, arguments)
    }
    @c(mlops_walk_8) func walkBlock8(_ arguments: UnsafeRawPointer) {
        multiplyBlock(Vector8.self, RowPlaces.self, arguments)
    }
    @c(mlops_walk_16) func walkBlock16(_ arguments: UnsafeRawPointer) {
        multiplyBlock(Vector16.self, RowPlaces.self, arguments)
    }
    @c(mlops_walk_narrow_8) func walkNarrowBlock8(_ arguments: UnsafeRawPointer) {
        multiplyNarrowBlock(Vector8.self, RowPlaces.self, arguments)
    }
    @c(mlops_walk_narrow_16) func walkNarrowBlock16(_ arguments: UnsafeRawPointer) {
        multiplyNarrowBlock(Vector16.self, RowPlaces.self, arguments)
    }
#endif
@inline(never) private func multiplyBlock4(_ arguments: UnsafeRawPointer) {
    #if arch(x86_64)
        if multiplyBroadcasting(arguments) { return }
    #endif
    multiplyBlock(Vector4.self, RowPlaces.self, arguments)
}

extension InstructionSet {
    func run(_ arguments: ProductBlock) {
        let (width, columns) = (2 * vectorWidth, arguments.columns)
        let rest = columns % width
        // The last columns alone, where one vector holds them.
        guard vectorWidth > 4, rest > 0, rest <= vectorWidth else { return multiply(arguments) }
        if rest < columns { multiply(arguments.columns(0..<columns - rest, panelWidth: width)) }
        multiplyNarrow(arguments.columns(columns - rest..<columns, panelWidth: width))
    }

    @inline(never)
    private func multiply(_ arguments: ProductBlock) {
        let isPlain = arguments.walk.isPlain
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch (vectorWidth, isPlain) {
                case (16, true): mlops_product_avx512(raw)
                case (16, false): mlops_walk_avx512(raw)
                case (8, true): mlops_product_avx2(raw)
                case (8, false): mlops_walk_avx2(raw)
                default: multiplyBlock4(raw)
                }
            #else
                multiplyBlock4(raw)
            #endif
        }
    }

    @inline(never)
    private func multiplyNarrow(_ arguments: ProductBlock) {
        let isPlain = arguments.walk.isPlain
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch (vectorWidth, isPlain) {
                case (16, true): mlops_product_narrow_avx512(raw)
                case (16, false): mlops_walk_narrow_avx512(raw)
                case (_, true): mlops_product_narrow_avx2(raw)
                case (_, false): mlops_walk_narrow_avx2(raw)
                }
            #else
                multiplyBlock4(raw)
            #endif
        }
    }
}
