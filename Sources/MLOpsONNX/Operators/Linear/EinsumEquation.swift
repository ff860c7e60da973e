internal import MLOpsCore

/// The equation of `Einsum`, as in NumPy: a letter for each axis of the inputs and of the result. Three points stand for
/// axes that are not named, and are broadcast.
struct EinsumEquation: Sendable {
    private let terms: [String]
    private let result: String?

    /// Reads an equation; throws `invalidArgument` for one that is none.
    init(_ text: String, inputs: Int) throws {
        let sides = text.filter { !$0.isWhitespace }.replacing("->", with: ">").split(
            separator: ">", omittingEmptySubsequences: false)
        terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        result = sides.count == 2 ? String(sides[1]) : nil
        guard sides.count <= 2, terms.count == inputs else { throw Self.mistake(text) }
        for term in terms + [result ?? ""] {
            let letters = term.replacing("...", with: "")
            guard letters.allSatisfy({ $0.isLetter && $0.isASCII }), term.count - letters.count <= 3 else {
                throw Self.mistake(text)
            }
        }
    }

    /// The letters of each input's axes and of the result's, given the ranks; axes that are not named have digits.
    func labels(_ ranks: [Int]) throws -> (inputs: [[Character]], result: [Character]) {
        var most = 0
        let inputs = try zip(terms, ranks).map { term, rank -> [Character] in
            let named = term.filter(\.isLetter).count
            guard term.contains("...") ? rank >= named : rank == named, rank <= 16 else {
                throw Self.mistake("\(term) for \(rank) axes")
            }
            most = max(most, rank - named)
            return Array(term.replacing("...", with: Self.digits(rank - named)))
        }
        if let result {
            let labels = Array(result.replacing("...", with: Self.digits(most)))
            let known = Set(inputs.joined())
            guard Set(labels).count == labels.count, labels.allSatisfy(known.contains) else {
                throw Self.mistake(result)
            }
            return (inputs, labels)
        }
        // Without a stated result, it has the letters that come once, in their order.
        let all = Array(inputs.joined())
        let once = Set(all).filter { letter in letter.isLetter && all.filter { $0 == letter }.count == 1 }
        return (inputs, Array(Self.digits(most)) + once.sorted())
    }

    /// Names for axes that have none, the same for the last ones of every input.
    private static func digits(_ count: Int) -> String {
        String((0..<count).reversed().map { Character(UnicodeScalar(UInt8(48 + $0))) })
    }

    private static func mistake(_ what: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "The equation is not valid: \(what).",
            help: "Give letters for the axes of each input, as in 'ij,jk->ik'.")
    }
}
