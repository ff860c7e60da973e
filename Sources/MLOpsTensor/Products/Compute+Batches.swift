extension Compute {
    /// The rows of a matrix that a task multiplies.
    private static let batchRows = 64

    /// Products of as many matrices as there are batches and heads: C = A·B for each.
    ///
    /// - Parameters:
    ///   - a: `[batches, heads, M, K]`; extents of 1 repeat.
    ///   - b: `[batches, heads, K, N]`.
    ///   - c: `[batches, heads, M, N]`, columns side by side.
    package func products(
        _ a: StridedMatrices, _ x: UnsafePointer<Float>, _ b: StridedMatrices,
        _ y: UnsafePointer<Float>,
        _ c: StridedMatrices, into z: UnsafeMutablePointer<Float>
    ) {
        precondition(
            a.columns == b.rows && c.rows == a.rows && c.columns == b.columns && c.columnStride == 1)
        let (rows, columns) = (a.rows, b.columns)
        guard c.batches * c.heads * rows * columns > 0 else { return }
        // As many rows as make packing B cheap beside the product.
        let rowsOfTask = 4 * Compute.batchRows
        let parts = (rows + rowsOfTask - 1) / rowsOfTask
        let work = (self, a, b, c, x, y, z)
        parallel(tasks: c.batches * c.heads * parts, with: work) { work, task in
            work.0.multiply(task, work.1, work.4, work.2, work.5, work.3, into: work.6)
        }
    }

    /// Some rows of one of the products.
    private func multiply(
        _ task: Int, _ a: StridedMatrices, _ x: UnsafePointer<Float>, _ b: StridedMatrices,
        _ y: UnsafePointer<Float>,
        _ c: StridedMatrices, into z: UnsafeMutablePointer<Float>
    ) {
        let (rows, terms, columns, tile) = (a.rows, a.columns, b.columns, tileColumns)
        let panels = (columns + tile - 1) / tile * tile * terms
        let rowsOfTask = 4 * Compute.batchRows
        let parts = (rows + rowsOfTask - 1) / rowsOfTask
        let (batch, head) = (task / parts / c.heads, task / parts % c.heads)
        let first = task % parts * rowsOfTask
        let aStride = terms + 16
        scratch.with(.task, panels + (Compute.batchRows + 8) * aStride + 8 * 32) { memory in
            let left = memory + panels
            let edge = left + (Compute.batchRows + 8) * aStride
            b.pack(y + b.offset(batch, head), tile: tile, into: memory)
            for row in stride(from: first, to: min(first + rowsOfTask, rows), by: Compute.batchRows) {
                let end = min(row + Compute.batchRows, first + rowsOfTask, rows)
                a.copyRows(row..<end, of: x + a.offset(batch, head), into: left, rowStride: aStride)
                var block = ProductBlock(
                    a: UnsafePointer(left), b: UnsafePointer(memory),
                    c: z + c.offset(batch, head) + row * c.rowStride, edge: edge)
                (block.rows, block.columns, block.cRow) = (end - row, columns, c.rowStride)
                block.bPanel = terms * tile
                (block.walk.inner, block.walk.aRow, block.walk.bInner) = (terms, aStride, tile)
                instructionSet.run(block)
            }
        }
    }

    /// Scaled dot-product attention (Vaswani et al., "Attention is all you need", NeurIPS 2017), for each batch and
    /// head: softmax(Q·K · scale + mask)·V. The scores of a block of queries stay in the cache.
    ///
    /// - Parameters:
    ///   - q: the queries, `[batches, heads, T, D]`.
    ///   - k: the keys as columns, `[batches, heads, D, S]`.
    ///   - v: the values, `[batches, heads, S, E]`.
    ///   - mask: what is added to the scores, `[batches, heads, T, S]`, columns side by side; `nil` for nothing.
    ///   - clearsEmptyRows: whether queries that no key is open to are given zeros, not NaN.
    ///   - output: `[batches, heads, T, E]`, columns side by side.
    package func attention(
        q: (StridedMatrices, UnsafePointer<Float>), k: (StridedMatrices, UnsafePointer<Float>),
        v: (StridedMatrices, UnsafePointer<Float>), mask: (StridedMatrices, UnsafePointer<Float>)?,
        scale: Float,
        clearsEmptyRows: Bool, into output: (StridedMatrices, UnsafeMutablePointer<Float>)
    ) {
        let (queries, depth, keys, values) = (q.0.rows, q.0.columns, k.0.columns, v.0.columns)
        precondition(k.0.rows == depth && v.0.rows == keys, "Keys and values do not fit the queries")
        precondition(
            output.0.rows == queries && output.0.columns == values && output.0.columnStride == 1)
        precondition(mask.map { $0.0.columnStride == 1 && $0.0.columns == keys } ?? true)
        guard output.0.batches * output.0.heads * queries * values > 0 else { return }
        let job = AttentionJob(
            q: q, k: k, v: v, mask: mask, scale: scale, clearsEmptyRows: clearsEmptyRows, output: output,
            tile: tileColumns)
        parallel(tasks: output.0.batches * output.0.heads * job.parts, with: (self, job)) {
            work, task in
            work.0.attend(work.1, task)
        }
    }

    /// What the tasks of attention share.
    private struct AttentionJob {
        let q: (StridedMatrices, UnsafePointer<Float>)
        let k: (StridedMatrices, UnsafePointer<Float>)
        let v: (StridedMatrices, UnsafePointer<Float>)
        let mask: (StridedMatrices, UnsafePointer<Float>)?
        let scale: Float
        let clearsEmptyRows: Bool
        let output: (StridedMatrices, UnsafeMutablePointer<Float>)
        let tile: Int

        var rowsOfTask: Int { 4 * Compute.batchRows }
        /// Into how many tasks the queries of a head are cut.
        var parts: Int { (q.0.rows + rowsOfTask - 1) / rowsOfTask }
        var keyPanels: Int { (k.0.columns + tile - 1) / tile * tile * k.0.rows }
        var valuePanels: Int { (v.0.columns + tile - 1) / tile * tile * v.0.rows }
    }

    /// Some queries of one head.
    private func attend(_ job: AttentionJob, _ task: Int) {
        let (q, k, v, mask, output) = (job.q, job.k, job.v, job.mask, job.output)
        let (queries, depth, keys, values) = (q.0.rows, q.0.columns, k.0.columns, v.0.columns)
        let (tile, rowsOfTask, parts, heads) = (job.tile, job.rowsOfTask, job.parts, output.0.heads)
        let (keyPanels, valuePanels, blockRows) = (job.keyPanels, job.valuePanels, Compute.batchRows)
        let (scale, clearsEmptyRows) = (job.scale, job.clearsEmptyRows)
        let (qStride, sStride) = (depth + 16, keys + 16)
        let size = keyPanels + valuePanels + (blockRows + 8) * (qStride + sStride) + 16
        let (batch, head) = (task / parts / heads, task / parts % heads)
        let first = task % parts * rowsOfTask
        scratch.with(.task, size + 8 * 32) { memory in
            let packedValues = memory + keyPanels
            let left = packedValues + valuePanels
            let scores = left + (blockRows + 8) * qStride
            let lanes = scores + (blockRows + 8) * sStride
            k.0.pack(k.1 + k.0.offset(batch, head), tile: tile, into: memory)
            v.0.pack(v.1 + v.0.offset(batch, head), tile: tile, into: packedValues)
            for row in stride(from: first, to: min(first + rowsOfTask, queries), by: blockRows) {
                let end = min(row + blockRows, first + rowsOfTask, queries)
                q.0.copyRows(
                    row..<end, of: q.1 + q.0.offset(batch, head), into: left, rowStride: qStride)
                var block = ProductBlock(
                    a: UnsafePointer(left), b: UnsafePointer(memory), c: scores, edge: memory + size)
                (block.rows, block.columns, block.cRow) = (end - row, keys, sStride)
                block.bPanel = depth * tile
                (block.walk.inner, block.walk.aRow, block.walk.bInner) = (depth, qStride, tile)
                instructionSet.run(block)
                var softmax = RowKernel(
                    operation: .softmax, x: UnsafePointer(scores), y: scores, lanes: lanes)
                (softmax.rows, softmax.columns) = (end - row, keys)
                (softmax.xRow, softmax.yRow, softmax.number) = (sStride, sStride, scale)
                softmax.clearsEmptyRows = clearsEmptyRows
                if let mask {
                    softmax.maskRow = mask.0.rows == 1 ? 0 : mask.0.rowStride
                    softmax.mask = mask.1 + mask.0.offset(batch, head) + row * softmax.maskRow
                }
                instructionSet.run(softmax)
                block = ProductBlock(
                    a: UnsafePointer(scores), b: UnsafePointer(packedValues),
                    c: output.1 + output.0.offset(batch, head) + row * output.0.rowStride, edge: memory + size
                )
                (block.rows, block.columns, block.cRow) = (end - row, values, output.0.rowStride)
                block.bPanel = keys * tile
                (block.walk.inner, block.walk.aRow, block.walk.bInner) = (keys, sStride, tile)
                instructionSet.run(block)
            }
        }
    }
}
