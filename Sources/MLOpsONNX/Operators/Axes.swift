internal import MLOpsCore

/// Axes as the standard writes them: negative ones count from the end.
enum Axes {
    /// An axis of a tensor of a rank, from 0; throws `invalidArgument` when there is none.
    static func normalized(_ axis: Int, rank: Int) throws -> Int {
        guard axis >= -rank, axis < rank else {
            throw MLOpsError(
                .invalidArgument, "The axis \(axis) is not one of \(rank).",
                help: "Give an axis from −rank to rank − 1.")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Axes of a tensor of a rank, from 0, in rising order; throws `invalidArgument` when one is none or comes twice.
    static func normalized(_ axes: [Int], rank: Int) throws -> [Int] {
        let result = try axes.map { try normalized($0, rank: rank) }.sorted()
        guard Set(result).count == result.count else {
            throw MLOpsError(.invalidArgument, "The axes \(axes) name one twice.", help: "Give each axis once.")
        }
        return result
    }

    /// The product of the known extents, −1 when one is unknown.
    static func product(_ extents: some Sequence<Int>) -> Int {
        var product = 1
        for extent in extents {
            if extent == -1 { return -1 }
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            if overflow { return -1 }
            product = next
        }
        return product
    }
}
