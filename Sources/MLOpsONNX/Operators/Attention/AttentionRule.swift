internal import MLOpsCore
internal import MLOpsTensor

/// Which keys a query may see, and what is added to its products with them.
struct AttentionRule: Sendable {
    private let isCausal: Bool
    /// How far before and after its own place a query sees; −1 for without end.
    private let window: (left: Int, right: Int)

    init(_ node: inout NodeReader) throws {
        isCausal = try node.flag("is_causal", default: false)
        let recent = node.operatorSet >= 25
        window =
            recent
            ? (try node.int("left_window_size") ?? -1, try node.int("right_window_size") ?? -1) : (-1, -1)
        guard window.left >= -1, window.right >= -1 else {
            throw MLOpsError(.invalidArgument, "The window is \(window).", help: "Give −1 or more.")
        }
    }

    /// The bias of a batch, head, query and key; −∞ for a key that may not be seen.
    ///
    /// - Parameters:
    ///   - mask: added, or what may be seen; broadcast to `shape`, and −∞ for keys past its end.
    ///   - lengths: of the keys of each batch that are none of padding.
    ///   - past: how many keys come before the first query.
    ///   - shape: batches, heads, queries and keys.
    func bias(
        mask: Value?, lengths: [Int]?, past: Int, shape: [Int]
    ) throws -> (_ batch: Int, _ head: Int, _ query: Int, _ key: Int) -> Float {
        guard lengths.map({ $0.count == shape[0] }) ?? true else {
            throw MLOpsError(
                .invalidArgument, "There are \(lengths?.count ?? 0) lengths for \(shape[0]) batches.",
                help: "Give a length for each.")
        }
        if let wrong = lengths?.first(where: { !(0...shape[3]).contains($0) }) {
            throw MLOpsError(
                .invalidArgument, "\(wrong) of \(shape[3]) keys are said to be none of padding.",
                help: "Give lengths from 0 to the number of keys.")
        }
        let numbers = try mask.map(addends)
        var strides = [0, 0, 0, 0]
        var known = shape[3]
        if let mask {
            known = mask.shape.last ?? 1
            guard known <= shape[3], mask.shape.count <= 4,
                try Broadcast.shape(mask.shape.dropLast(), shape.dropLast()) == Array(shape.dropLast())
            else {
                throw MLOpsError(
                    .invalidArgument, "The mask \(mask.shape) can't be broadcast to \(shape).",
                    help: "Give [batch, heads, queries, keys], or 1 in place of some.")
            }
            strides = Broadcast.strides(of: mask.shape, in: Array(shape.dropLast()) + [known])
            if known == 1 { strides[3] = 1 }
        }
        let (isCausal, window, queries) = (isCausal, window, shape[2])
        return { [strides, known] batch, head, query, key in
            let place = query + (lengths.map { $0[batch] - queries } ?? past)
            if isCausal && key > place { return -.infinity }
            if window.left >= 0 && place - key > window.left { return -.infinity }
            if window.right >= 0 && key - place > window.right { return -.infinity }
            if let lengths, key >= lengths[batch] { return -.infinity }
            guard let numbers else { return 0 }
            guard key < known else { return -.infinity }
            return numbers[batch * strides[0] + head * strides[1] + query * strides[2] + key * strides[3]]
        }
    }

    private func addends(_ mask: Value) throws -> [Float] {
        guard mask.elementType == .bool else { return try mask.floats().values }
        return mask.read(as: UInt8.self) { $0.map { $0 == 0 ? -.infinity : 0 } }
    }
}

extension Broadcast {
    /// The shape of two that may be slices.
    static func shape(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) throws -> [Int] { try shape(Array(a), Array(b)) }
}
