/// Where in lists of nodes that of a tree with a number is.
///
/// Exporters number the nodes of each tree in a row: then a place follows from that of the tree's first node. Other
/// files are looked up in a table.
struct TreePlaces {
    private struct Key: Hashable { var tree, node: Int }

    private let trees: [Int]
    private let nodes: [Int]
    /// For each node, the place of the first of its tree; empty when the table is used.
    private var firsts: [Int] = []
    /// For each tree, the place of its first node in the lists.
    private var starts: [Int: Int] = [:]
    private var table: [Key: Int] = [:]

    /// The number of trees.
    var treeCount: Int { starts.count }

    /// Takes the trees and numbers of all nodes, as many of both; throws `invalidArgument` when a node is there twice.
    init(trees: [Int], nodes: [Int]) throws {
        (self.trees, self.nodes) = (trees, nodes)
        var isInOrder = true
        firsts.reserveCapacity(trees.count)
        for index in trees.indices {
            if index > 0, trees[index] == trees[index - 1] {
                isInOrder = isInOrder && nodes[index - 1] < Int.max && nodes[index] == nodes[index - 1] + 1
                firsts.append(firsts[index - 1])
            } else {
                isInOrder = isInOrder && starts[trees[index]] == nil
                if starts[trees[index]] == nil { starts[trees[index]] = index }
                firsts.append(index)
            }
        }
        if isInOrder { return }
        firsts = []
        for index in trees.indices {
            guard table.updateValue(index, forKey: Key(tree: trees[index], node: nodes[index])) == nil else {
                throw DecisionTrees.mistake("the tree \(trees[index]) has two nodes \(nodes[index])")
            }
        }
    }

    /// The place of a node; `nil` when there is none.
    ///
    /// - Parameter near: the place of a node that probably is of the same tree.
    func place(of node: Int, in tree: Int, near: Int) -> Int? {
        if firsts.isEmpty { return table[Key(tree: tree, node: node)] }
        guard let first = trees[near] == tree ? firsts[near] : starts[tree] else { return nil }
        let (distance, overflow) = node.subtractingReportingOverflow(nodes[first])
        guard !overflow, distance >= 0, distance < nodes.count - first, trees[first + distance] == tree else {
            return nil
        }
        return first + distance
    }
}
