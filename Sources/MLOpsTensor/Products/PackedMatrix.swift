/// The right side of products, laid out once as kernels read it: in panels a tile wide.
///
/// Unchecked Sendable: the panels are written in the initializer, and only read after it.
package final class PackedMatrix: @unchecked Sendable {
    /// The rows, K.
    package let terms: Int
    /// The columns, N.
    package let columns: Int
    /// `[N / tile][K][tile]`, with zeros after the last column.
    let panels: Tensor

    /// The most columns that so many take as panels: those of the widest tile.
    package static func paddedColumns(_ columns: Int) -> Int { (columns + 31) / 32 * 32 }

    /// Packs a matrix for the instruction set of `compute`.
    ///
    /// - Parameters:
    ///   - matrix: `[K, N]`, or `[N, K]` when transposed.
    ///   - transposed: whether it is stored transposed.
    package convenience init(_ matrix: Tensor, transposed: Bool = false, _ compute: Compute) {
        require(matrix, "the matrix", hasRank: 2)
        let (terms, columns) =
            transposed ? (matrix.shape[1], matrix.shape[0]) : (matrix.shape[0], matrix.shape[1])
        self.init(matrix.pointer, terms: terms, columns: columns, transposed: transposed, compute)
    }

    /// Packs a matrix for the instruction set of `compute`.
    ///
    /// - Parameters:
    ///   - elements: `[K, N]`, or `[N, K]` when transposed.
    ///   - terms: K.
    ///   - columns: N.
    package init(
        _ elements: UnsafePointer<Float>, terms: Int, columns: Int, transposed: Bool, _ compute: Compute
    ) {
        (self.terms, self.columns) = (terms, columns)
        let tile = compute.tileColumns
        panels = Tensor(unwritten: [(columns + tile - 1) / tile, terms, tile], isKept: true)
        compute.pack(
            MatrixView(pointer: elements, stride: transposed ? terms : columns, transposed: transposed),
            columns: columns, from: 0, terms: terms, into: panels.pointer)
    }

    /// Takes in panels.
    init(panels: Tensor, terms: Int, columns: Int) {
        (self.panels, self.terms, self.columns) = (panels, terms, columns)
    }
}

extension Compute {
    /// Multiplies rows by a packed matrix, and finishes them while they are in the cache: y = f(x·B + bias + addend).
    ///
    /// - Parameters:
    ///   - x: `[…, K]`.
    ///   - b: K × N, packed for this instruction set.
    ///   - bias: `[N]`; `nil` for none.
    ///   - addend: as many elements as `y`; `nil` for none.
    ///   - function: f.
    ///   - y: `[…, N]`; neither `x` nor `addend`.
    package func product(
        _ x: Tensor, _ b: PackedMatrix, bias: Tensor? = nil, addend: Tensor? = nil,
        _ function: ElementFunction = .identity, into y: Tensor
    ) {
        require(x, "x", hasCount: x.rows * b.terms)
        require(y, "y", hasCount: x.rows * b.columns)
        if let bias { require(bias, "bias", hasCount: b.columns) }
        if let addend { require(addend, "addend", hasCount: y.count) }
        precondition(b.panels.shape.last == tileColumns, "The matrix was packed for another instruction set")
        precondition(addend?.pointer != y.pointer, "The addend can't be the result")
        var finish: FinishKernel?
        if bias != nil || addend != nil || function != .identity {
            var kernel = FinishKernel(x: UnsafePointer(y.pointer), y: y.pointer)
            kernel.bias = bias.map { UnsafePointer($0.pointer) }
            kernel.addend = addend.map { UnsafePointer($0.pointer) }
            kernel.addendRow = b.columns
            kernel.set(function)
            finish = kernel
        }
        multiply(
            MatrixView(pointer: UnsafePointer(x.pointer), stride: b.terms), b, into: y.pointer, cRow: b.columns,
            rows: x.rows, finish: finish)
    }
}
