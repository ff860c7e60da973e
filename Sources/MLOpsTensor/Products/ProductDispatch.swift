internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_product_8) func multiplyRowMajor8(_ arguments: UnsafeRawPointer) {
        multiplyRowMajor(Vector8.self, arguments)
    }
    @c(mlops_product_16) func multiplyRowMajor16(_ arguments: UnsafeRawPointer) {
        multiplyRowMajor(Vector16.self, arguments)
    }
    @c(mlops_product_columns_8) func multiplyColumnMajor8(_ arguments: UnsafeRawPointer) {
        multiplyColumnMajor(Vector8.self, arguments)
    }
    @c(mlops_product_columns_16) func multiplyColumnMajor16(_ arguments: UnsafeRawPointer) {
        multiplyColumnMajor(Vector16.self, arguments)
    }
    @c(mlops_walk_8) func walkBlock8(_ arguments: UnsafeRawPointer) { walkBlock(Vector8.self, arguments) }
    @c(mlops_walk_16) func walkBlock16(_ arguments: UnsafeRawPointer) { walkBlock(Vector16.self, arguments) }
    @c(mlops_walk_narrow_8) func walkNarrowBlock8(_ arguments: UnsafeRawPointer) {
        walkNarrowBlock(Vector8.self, arguments)
    }
    @c(mlops_walk_narrow_16) func walkNarrowBlock16(_ arguments: UnsafeRawPointer) {
        walkNarrowBlock(Vector16.self, arguments)
    }
#endif
@inline(never) private func walkBlock4(_ arguments: UnsafeRawPointer) {
    #if arch(x86_64)
        if multiplyBroadcasting(arguments) { return }
    #endif
    walkBlock(Vector4.self, arguments)
}

extension InstructionSet {
    func run(_ block: ProductBlock) {
        let isRowMajor = block.walk.aInner == 1
        let (columns, width) = (block.columns, 2 * vectorWidth)
        guard vectorWidth > 4, block.walk.isPlain,
            isRowMajor ? block.walk.bInner == width : block.walk.aRow == 1
        else { return walk(block) }
        let wholeColumns = columns / width * width
        let wholeRows = block.wholeRows(tileRows: vectorWidth == 16 ? Vector16.tileRows : Vector8.tileRows)
        if wholeColumns > 0 {
            let whole = block.columns(0..<wholeColumns, panelWidth: width)
            if wholeRows > 0 { multiply(whole.rows(0..<wholeRows), isRowMajor: isRowMajor) }
            if wholeRows < block.rows { walk(whole.rows(wholeRows..<block.rows)) }
        }
        if wholeColumns < columns { walk(block.columns(wholeColumns..<columns, panelWidth: width)) }
    }

    private func walk(_ block: ProductBlock) {
        let (width, columns) = (2 * vectorWidth, block.columns)
        let rest = columns % width
        // The last columns alone, where one vector holds them.
        if vectorWidth > 4, rest > 0, rest <= vectorWidth {
            if rest < columns { walkWide(block.columns(0..<columns - rest, panelWidth: width)) }
            walkNarrow(block.columns(columns - rest..<columns, panelWidth: width))
        } else {
            walkWide(block)
        }
        if let finish = block.finish { run(FinishKernel(finish).part(of: block)) }
    }

    @inline(never)
    private func multiply(_ block: ProductBlock, isRowMajor: Bool) {
        #if arch(x86_64)
            withUnsafePointer(to: block) {
                let raw = UnsafeRawPointer($0)
                switch (vectorWidth, isRowMajor) {
                case (16, true): mlops_product_avx512(raw)
                case (16, false): mlops_product_columns_avx512(raw)
                case (_, true): mlops_product_avx2(raw)
                case (_, false): mlops_product_columns_avx2(raw)
                }
            }
        #else
            walk(block)
        #endif
    }

    @inline(never)
    private func walkWide(_ block: ProductBlock) {
        withUnsafePointer(to: block) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_walk_avx512(raw)
                case 8: mlops_walk_avx2(raw)
                default: walkBlock4(raw)
                }
            #else
                walkBlock4(raw)
            #endif
        }
    }

    @inline(never)
    private func walkNarrow(_ block: ProductBlock) {
        withUnsafePointer(to: block) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                if vectorWidth == 16 { mlops_walk_narrow_avx512(raw) } else { mlops_walk_narrow_avx2(raw) }
            #else
                walkBlock4(raw)
            #endif
        }
    }
}
