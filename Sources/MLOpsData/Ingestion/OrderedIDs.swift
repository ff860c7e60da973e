/// Ids in the order of their UTF-8 bytes, met by others that come in that order.
///
/// By bytes, since two ids may be equal as text and name two files.
struct OrderedIDs {
    private var rest: ArraySlice<String>

    init(_ ids: [String]) { rest = ids[...] }

    /// Whether an id is among them; those before it are not asked for any more.
    mutating func take(_ id: String) -> Bool {
        while let next = rest.first, next.utf8.lexicographicallyPrecedes(id.utf8) { rest.removeFirst() }
        guard let next = rest.first, next.utf8.elementsEqual(id.utf8) else { return false }
        rest.removeFirst()
        return true
    }
}
