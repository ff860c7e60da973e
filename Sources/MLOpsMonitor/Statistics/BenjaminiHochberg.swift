/// Control of the false discovery rate over many tests.
///
/// Source: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical
/// Society B 57(1), 1995.
public enum BenjaminiHochberg {
    /// The adjusted p-values, in the order given: those at or below a level are discoveries at that rate.
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var result = pValues
        var smallest = 1.0
        for (rank, index) in order.enumerated().reversed() {
            smallest = min(smallest, pValues[index] * Double(pValues.count) / Double(rank + 1))
            result[index] = smallest
        }
        return result
    }
}
