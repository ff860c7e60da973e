internal import MLOpsCore

/// What becomes of an element and the update that falls on it.
enum ScatterReduction: String {
    case none, add, mul, max, min

    /// Reads `reduction`, which there is since operator set 16, with `max` and `min` since 18.
    init(_ node: inout NodeReader) throws {
        let text = node.operatorSet >= 16 ? try node.string("reduction") ?? "none" : "none"
        guard let reduction = Self(rawValue: text), node.operatorSet >= 18 || (reduction != .max && reduction != .min)
        else {
            throw MLOpsError(
                .unsupported, "The reduction '\(text)' is not known.",
                help: "Use none, add, mul, or since operator set 18 max or min.")
        }
        self = reduction
    }

    /// The Swift type of the elements: one to compute in, or just one of their width when nothing is computed.
    func type(of elements: ElementType) throws -> any NumericElement.Type {
        self == .none ? try elements.carrier() : try elements.numeric()
    }

    /// The data with each update put on it, in order: runs of a size, each to its place in the data.
    ///
    /// The caller guarantees that every run is inside the data, and that there are as many updates.
    func apply<Element: NumericElement>(
        _ type: Element.Type, _ updates: Value, to data: Value, at places: [Int], size: Int, in context: RunContext
    ) throws -> Value {
        try context.make(data.elementType, data.shape, as: type) { target in
            data.read(as: type) { source in _ = target.initialize(from: source) }
            updates.read(as: type) { elements in
                for (run, place) in places.enumerated() {
                    for i in 0..<size {
                        target[place + i] = combine(target[place + i], elements[run * size + i])
                    }
                }
            }
        }
    }

    private func combine<Element: NumericElement>(_ old: Element, _ new: Element) -> Element {
        switch self {
        case .none: new
        case .add: Element.sum(old, new)
        case .mul: Element.product(old, new)
        // A NaN stays, whichever it is.
        case .max: old != old || new <= old ? old : new
        case .min: old != old || new >= old ? old : new
        }
    }

    /// Throws unless the data and the updates are of one type that can be combined, and the indices are indices.
    func check(_ data: ValueType, _ indices: ValueType, _ updates: ValueType) throws {
        _ = try type(of: data.elementType)
        try indices.expectIndices()
        guard data.elementType == updates.elementType else {
            throw MLOpsError(
                .invalidArgument,
                "The updates are of the type \(updates.elementType.rawValue), not \(data.elementType.rawValue).",
                help: "Cast them to the type of the data.")
        }
    }
}
