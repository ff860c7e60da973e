/// Filters at Winograd's points: 36 matrices [terms][columns], or 16, in panels a tile of the matrix product wide.
struct WinogradFilters {
    let instructionSet: InstructionSet
    var size = WinogradSize.four
    /// Over what the products sum up.
    let terms: Int
    /// What the products give.
    let columns: Int

    var tile: Int { 2 * instructionSet.vectorWidth }
    var pointStride: Int { (columns + tile - 1) / tile * tile * terms }
    /// The floats of all points.
    var count: Int { size.points * pointStride }

    /// GgGᵀ of filters `[3, 3, terms, columns]`.
    func transform(_ filters: UnsafePointer<Float>, into u: UnsafeMutablePointer<Float>, _ compute: Compute) {
        compute.parallel(tasks: (terms + 15) / 16, with: (self, filters, u, compute)) { work, task in
            let (own, filters, u, compute) = work
            compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                var transform = WinogradTransform(
                    operation: .filter, pixels: .plain(filters), source: filters, target: u, patch: patch)
                transform.size = own.size
                transform.channels = own.columns
                transform.filterInputs = own.terms
                (transform.first, transform.count) = (task * 16, min(16, own.terms - task * 16))
                transform.pointStride = own.pointStride
                own.instructionSet.run(transform)
            }
        }
    }

    /// The filters of a point, where products of so many rows take long enough to fetch them meanwhile.
    func memory(_ u: UnsafePointer<Float>, point: Int, rows: Int) -> UpcomingMemory {
        rows < 64 || point >= size.points ? .none : UpcomingMemory(u + point * pointStride, count: pointStride)
    }

    /// c = a·u at one point, for some rows of `a`.
    func multiply(
        _ a: UnsafePointer<Float>, aStride: Int, rows: Int, _ u: UnsafePointer<Float>,
        into c: UnsafeMutablePointer<Float>, cStride: Int, edge: UnsafeMutablePointer<Float>,
        upcoming: UpcomingMemory
    ) {
        var product = ProductBlock(a: a, b: u, c: c, edge: edge)
        (product.rows, product.columns, product.cRow) = (rows, columns, cStride)
        product.bPanel = terms * tile
        (product.walk.inner, product.walk.aRow, product.walk.bInner) = (terms, aStride, tile)
        product.upcoming = upcoming
        instructionSet.run(product)
    }
}
