/// How the elements of a tensor go from where they lie to where they are to lie: rows along the two axes that run
/// fastest, in blocks that stay in the cache.
package struct StridedCopy: Sendable {
    /// An axis, with the floats between neighbors in the source and in the target.
    struct Axis {
        var extent = 1
        var from = 0
        var to = 0
    }

    /// The axis that runs fastest in the target, and of the others that of the source.
    private(set) var fast = Axis(extent: 1, from: 1, to: 1)
    private(set) var slow = Axis()
    /// The rest, the outermost first.
    private(set) var outer: [Axis] = []

    var width: Int { fast.extent }
    var height: Int { slow.extent }
    var outerCount: Int { outer.reduce(1) { $0 * $1.extent } }

    /// Plans a copy.
    ///
    /// - Parameters:
    ///   - shape: the extents of the axes.
    ///   - from: for each axis, the floats between neighbors in the source; 0 repeats.
    ///   - to: the same for the target.
    package init(_ shape: [Int], from: [Int], to: [Int]) {
        let axes = StridedAxes(shape, strides: [from, to])
        var rest = axes.extents.indices.map {
            Axis(extent: axes.extents[$0], from: axes.strides[0][$0], to: axes.strides[1][$0])
        }
        if let index = rest.indices.min(by: { rest[$0].to < rest[$1].to }) { fast = rest.remove(at: index) }
        if let index = rest.indices.min(by: { rest[$0].from < rest[$1].from }) { slow = rest.remove(at: index) }
        outer = rest
        if shape.contains(0) { fast.extent = 0 }
    }
}
