internal import MLOpsCore
internal import MLOpsTensor

/// Queries, keys or values by head: [batch, heads, length, size].
struct AttentionHeads {
    /// The elements, row-major; only to be read.
    let elements: Tensor

    var shape: [Int] { elements.shape }
    var batch: Int { shape[0] }
    var heads: Int { shape[1] }
    var length: Int { shape[2] }
    var size: Int { shape[3] }

    /// Takes [batch, heads, length, size], or [batch, length, heads · size] with the number of heads.
    init(_ value: Value, heads: Int?) throws {
        let x = try value.floats()
        switch (x.shape.count, heads) {
        case (4, _): elements = x
        case (3, .some(let heads)) where heads > 0 && x.shape[2] % heads == 0:
            let (batch, length, size) = (x.shape[0], x.shape[1], x.shape[2] / heads)
            let result = Tensor(shape: [batch, heads, length, size])
            for row in 0..<batch * length * heads {
                let (place, head) = (row / heads, row % heads)
                let target = ((place / length * heads + head) * length + place % length) * size
                (result.pointer + target).update(from: x.pointer + row * size, count: size)
            }
            elements = result
        default:
            throw MLOpsError(
                .invalidArgument, "\(x.shape) can't be cut into \(heads.map(String.init) ?? "unknown") heads.",
                help: "Give [batch, heads, length, size], or [batch, length, heads · size] and the number of heads.")
        }
    }

    private init(elements: Tensor) { self.elements = elements }

    /// These after earlier ones.
    func appended(to past: AttentionHeads, in context: RunContext) throws -> AttentionHeads {
        guard past.batch == batch, past.heads == heads, past.size == size else {
            throw MLOpsError(
                .invalidArgument, "\(shape) can't come after \(past.shape).", help: "Let only the lengths differ.")
        }
        let result = try context.tensor([batch, heads, past.length + length, size])
        for head in 0..<batch * heads {
            let target = result.pointer + head * (past.length + length) * size
            let early = past.length * size
            target.update(from: past.elements.pointer + head * early, count: early)
            (target + early).update(from: elements.pointer + head * length * size, count: length * size)
        }
        return AttentionHeads(elements: result)
    }

    /// A head's rows.
    func head(_ batch: Int, _ head: Int) -> UnsafePointer<Float> {
        UnsafePointer(elements.pointer + (batch * heads + head) * length * size)
    }

    /// A row.
    func row(_ batch: Int, _ head: Int, _ index: Int) -> UnsafePointer<Float> {
        self.head(batch, head) + index * size
    }
}
