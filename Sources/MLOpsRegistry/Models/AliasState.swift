/// The versions that an alias points and pointed to: a fold of the log's entries about it.
struct AliasState {
    /// The number the alias points to last; before it, those that a roll-back would return to.
    private(set) var numbers: [Int] = []

    init(folding events: [RegistryEvent]) {
        for event in events {
            switch event.change {
            case .aliasMoved(_, _, _, let number, _): numbers.append(number)
            case .aliasRolledBack: numbers.removeLast(min(1, numbers.count))
            case .registered, .evidenceRecorded, .gateSet: break
            }
        }
    }

    var current: Int? { numbers.last }
    var previous: Int? { numbers.dropLast().last }
}
