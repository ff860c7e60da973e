internal import CTensorDispatch

/// Memory that is read or written soon, which a kernel asks for while it computes.
///
/// What comes from beyond the second level of the cache takes hundreds of cycles, and images and points are read in
/// steps that a processor does not foresee. Products of matrices have time to fetch what the next transform works on.
struct UpcomingMemory {
    private struct Span {
        var start: UnsafeRawPointer?
        var lines = 0
    }

    /// The bytes of a cache line, and the floats.
    private static let line = 64
    static var lineFloats: Int { line / MemoryLayout<Float>.stride }

    private var first = Span(), second = Span()

    /// Nothing.
    static var none: UpcomingMemory { UpcomingMemory() }

    private init() {}

    /// Floats, which need not all be there.
    init(_ floats: UnsafePointer<Float>, count: Int) {
        let bytes = max(0, count) * MemoryLayout<Float>.stride
        first = Span(start: floats, lines: (bytes + UpcomingMemory.line - 1) / UpcomingMemory.line)
    }

    /// Two pieces, each of a single span.
    init(_ one: UpcomingMemory, _ other: UpcomingMemory) {
        assert(one.second.lines == 0 && other.second.lines == 0, "a piece of two spans would lose one")
        (first, second) = (one.first, other.first)
    }

    var lines: Int { first.lines + second.lines }

    /// One of several shares of each piece.
    func share(_ index: Int, of shares: Int) -> UpcomingMemory {
        func share(_ span: Span) -> Span {
            let begin = span.lines * index / shares
            return Span(
                start: span.start.map { $0 + begin * UpcomingMemory.line },
                lines: span.lines * (index + 1) / shares - begin)
        }
        var result = self
        (result.first, result.second) = (share(first), share(second))
        return result
    }

    /// Fetches some lines into the second level of the cache.
    ///
    /// Not inlined: the compiler takes only so much into a kernel's body, and leaves the rest to the baseline.
    @inline(never)
    func fetch(from start: Int, count: Int) {
        fetch(first, from: start, count: count)
        fetch(second, from: start &- first.lines, count: count)
    }

    private func fetch(_ span: Span, from begin: Int, count: Int) {
        guard let start = span.start else { return }
        var line = max(0, begin)
        let end = min(span.lines, begin &+ count)
        while line < end {
            mlops_prefetch_second(start + line &* UpcomingMemory.line)
            line &+= 1
        }
    }
}
