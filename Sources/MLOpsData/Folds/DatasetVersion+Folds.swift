extension DatasetVersion {
    /// Folds over the places of the entries: without a group by ``FoldPlan/folds(stratifiedBy:)``, so that each has the
    /// same share of every class; with one by ``FoldPlan/folds(groupedBy:)``, so that none is parted.
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` for too few records of every class, or too few groups.
    public func folds(_ plan: FoldPlan, group: Split.Group? = nil) throws -> [Fold] {
        if let group { return try plan.folds(groupedBy: entries.map { group.key(of: $0) }) }
        return try plan.folds(stratifiedBy: entries.map { $0.label ?? "" })
    }
}
