internal import MLOpsCore
internal import MLOpsTensor

/// `MaxPool`: the maximum under each window, and optionally its place in the input. Padding never is the maximum.
struct MaxPoolOperator: PoolingOperator {
    static let name = "MaxPool"
    static let outputCount = 1...2
    let window: Window
    private let isColumnMajor: Bool
    private let givesPlaces: Bool
    /// Whether windows reach over whole, undilated parts of images, and places are not asked for.
    var isPlain: Bool { !givesPlaces && !window.roundsUp && (window.dilations ?? []).allSatisfy { $0 == 1 } }

    init(_ node: inout NodeReader) throws {
        window = try Window(&node, hasDilations: node.operatorSet >= 10, hasCeilMode: node.operatorSet >= 10)
        isColumnMajor = node.operatorSet >= 8 ? try node.flag("storage_order", default: false) : false
        givesPlaces = node.outputCount > 1
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        let shape = try outputShape(for: x)
        return [x.reshaped(shape), ValueType(.int64, shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axes = try axes(for: x.shape)
        let isPlain = axes.count == 2 && !window.roundsUp && axes.allSatisfy { $0.dilation == 1 }
        if x.elementType == .float32, isPlain, !givesPlaces, x.count > 0 {
            let geometry = PoolingGeometry(axes[0], axes[1])
            let image = try x.image()
            let result = try context.tensor([x.shape[0], axes[0].output, axes[1].output, x.shape[1]])
            context.compute.maxPool(image, geometry: geometry, into: result)
            return [Value(image: result)]
        }
        return try maxPool(x.elementType.numeric(), x, axes, in: context)
    }

    private func maxPool<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ axes: [Window.Axis], in context: RunContext
    ) throws -> [Value] {
        let extents = Array(x.shape[2...])
        let plane = extents.reduce(1, *)
        let walk = WindowWalk(axes, over: extents)
        let windows = walk.windowCount
        let shape = x.shape[..<2] + axes.map(\.output)
        var places = [Int64](repeating: -1, count: try context.limits.elementCount(of: Array(shape), in: "a result"))
        let result = try context.make(x.elementType, Array(shape), as: type) { target in
            x.read(as: type) { source in
                for position in target.indices {
                    let start = position / windows * plane
                    var (best, bestPlace): (Element?, Int) = (nil, -1)
                    _ = walk.forEachElement(ofWindow: position % windows) { place in
                        let element = source[start + place]
                        // A NaN is greater than nothing and stays once it is found.
                        if let best, !(element > best), element == element { return }
                        if let best, best != best { return }
                        (best, bestPlace) = (element, place)
                    }
                    target[position] = best ?? .lowest
                    places[position] = bestPlace < 0 ? -1 : Int64(start + stored(bestPlace, extents))
                }
            }
        }
        let counted = try context.make(.int64, Array(shape), as: Int64.self) { target in
            for i in target.indices { target[i] = places[i] }
        }
        return [result, counted]
    }

    /// A place in a plane, counted along rows or along columns.
    private func stored(_ place: Int, _ extents: [Int]) -> Int {
        guard isColumnMajor else { return place }
        var (rest, result) = (place, 0)
        var coordinates = [Int](repeating: 0, count: extents.count)
        for axis in extents.indices.reversed() {
            coordinates[axis] = rest % extents[axis]
            rest /= extents[axis]
        }
        for axis in extents.indices.reversed() { result = result * extents[axis] + coordinates[axis] }
        return result
    }
}

extension PoolingGeometry {
    /// A window over rows and columns without dilation.
    init(_ down: Window.Axis, _ across: Window.Axis) {
        self.init(
            rows: down.kernel, columns: across.kernel, strideY: down.stride, strideX: across.stride,
            paddingTop: down.paddingBefore, paddingLeft: across.paddingBefore, paddingBottom: down.paddingAfter,
            paddingRight: across.paddingAfter)
    }
}
