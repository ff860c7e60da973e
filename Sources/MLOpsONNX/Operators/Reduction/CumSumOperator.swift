/// `CumSum`: the sum of all elements up to each one along an axis.
struct CumSumOperator: Cumulation {
    static let name = "CumSum"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    let order: CumulationOrder

    static func start<Element: NumericElement>() -> Element { .zero }
    static func join<Element: NumericElement>(_ a: Element, _ b: Element) -> Element { Element.sum(a, b) }
}
