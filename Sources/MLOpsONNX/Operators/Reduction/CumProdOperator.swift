/// `CumProd`: the product of all elements up to each one along an axis.
struct CumProdOperator: Cumulation {
    static let name = "CumProd"
    static let operatorSets = 26...ONNXDocument.latestOperatorSet
    let order: CumulationOrder

    static func start<Element: NumericElement>() -> Element { 1 }
    static func join<Element: NumericElement>(_ a: Element, _ b: Element) -> Element { Element.product(a, b) }
}
