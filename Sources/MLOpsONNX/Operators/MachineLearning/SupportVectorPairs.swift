internal import MLOpsCore

/// One support vector machine for each pair of classes, on vectors that they share.
///
/// The coefficients are [classes − 1, vectors]: those of a vector of class i for the machine i, j lie in row j − 1 when
/// j > i, else in row j. Source: LIBSVM, whose layout the standard takes.
struct SupportVectorPairs: Sendable {
    /// The number of features of a vector.
    let features: Int
    /// Whether scores can be made probabilities.
    var givesProbabilities: Bool { !probabilityScale.isEmpty }
    /// The number of machines.
    var count: Int { classes * (classes - 1) / 2 }

    private let classes: Int
    private let kernel: SupportVectorKernel
    private let vectors: [Float]
    private let coefficients: [Float]
    private let offsets: [Float]
    private let probabilityScale: [Float]
    private let probabilityShift: [Float]
    /// The first vector of each class, and their number at the end.
    private let firsts: [Int]

    /// Reads the attributes; `nil` when there are no support vectors.
    init?(_ node: inout NodeReader, classes: Int) throws {
        self.classes = classes
        kernel = try SupportVectorKernel(&node)
        vectors = try node.floats("support_vectors") ?? []
        coefficients = try node.floats("coefficients") ?? []
        offsets = try node.floats("rho") ?? []
        probabilityScale = try node.floats("prob_a") ?? []
        probabilityShift = try node.floats("prob_b") ?? []
        let sizes = try node.ints("vectors_per_class") ?? []
        let numbers = vectors.count
        guard sizes.allSatisfy({ (0...numbers).contains($0) }), sizes.count <= numbers else {
            throw MLOpsError(
                .invalidArgument, "'vectors_per_class' is \(sizes.prefix(20)).", help: "Give a number for each class.")
        }
        firsts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let total = firsts[firsts.count - 1]
        guard total > 0 else { return nil }
        features = vectors.count / total
        let pairs = classes * (classes - 1) / 2
        guard classes >= 2, classes < 1 << 16, sizes.count == classes, vectors.count % total == 0,
            coefficients.count == (classes - 1) * total, offsets.count >= pairs,
            probabilityScale.isEmpty || probabilityScale.count >= pairs,
            probabilityScale.count == probabilityShift.count
        else {
            throw MLOpsError(
                .invalidArgument,
                "\(vectors.count) numbers, \(coefficients.count) coefficients, \(offsets.count) offsets and "
                    + "\(probabilityScale.count) scales do not make \(total) support vectors of \(classes) classes.",
                help: "Give the attributes as the ONNX standard describes them.")
        }
    }

    /// The score of each machine, and how often each class wins.
    func scores(of row: UnsafePointer<Float>) -> (scores: [Float], votes: [Int]) {
        let total = firsts[classes]
        let likeness = vectors.withUnsafeBufferPointer { vectors in
            (0..<total).map { index -> Float in
                guard let first = vectors.baseAddress else { return 0 }
                return kernel.apply(row, first + index * features, features: features)
            }
        }
        var scores: [Float] = []
        var votes = [Int](repeating: 0, count: classes)
        for i in 0..<classes {
            for j in i + 1..<max(classes, i + 1) {
                var sum = 0.0
                for vector in firsts[i]..<firsts[i + 1] {
                    sum += Double(coefficients[(j - 1) * total + vector] * likeness[vector])
                }
                for vector in firsts[j]..<firsts[j + 1] {
                    sum += Double(coefficients[i * total + vector] * likeness[vector])
                }
                sum += Double(offsets[scores.count])
                scores.append(Float(sum))
                votes[sum > 0 ? i : j] += 1
            }
        }
        return (scores, votes)
    }

    /// The probability of each class from the scores of the machines.
    func probabilities(_ scores: [Float]) -> [Float] {
        var r = [Float](repeating: 0, count: classes * classes)
        var machine = 0
        for i in 0..<classes {
            for j in i + 1..<max(classes, i + 1) {
                let z = scores[machine] * probabilityScale[machine] + probabilityShift[machine]
                let p = min(max(1 - ScoreTransform.logistic(z), 1e-7), 1 - 1e-7)
                r[i * classes + j] = p
                r[j * classes + i] = 1 - p
                machine += 1
            }
        }
        return PairwiseProbabilities.couple(r, classes: classes)
    }
}
