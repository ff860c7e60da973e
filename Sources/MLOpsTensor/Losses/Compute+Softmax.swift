#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Compute {
    /// Probabilities from logits, for each row on its own.
    ///
    /// - Parameters:
    ///   - logits: `[N, K]`.
    ///   - y: `[N, K]`; may be `logits` itself.
    public func softmax(_ logits: Tensor, into y: Tensor) {
        require(y, "y", hasShape: logits.shape)
        let classes = logits.channels
        let (source, target) = (UnsafePointer(logits.pointer), y.pointer)
        parallelRows(logits.rows) { row in
            let (logits, output) = (source + row * classes, target + row * classes)
            let logSum = Compute.logSumOfPowers(logits, classes)
            for c in 0..<classes { output[c] = Float(exp(Double(logits[c]) - logSum)) }
        }
    }

    /// The mean cross-entropy between the softmax of logits and labels, and its gradient.
    ///
    /// - Parameters:
    ///   - logits: `[N, K]`, N at least 1.
    ///   - labels: N classes, each from 0 up to K.
    ///   - labelSmoothing: The share of probability that is spread evenly over all classes (Szegedy et al. 2016).
    ///   - others: N classes that have the rest of the target beside the labels'; `nil` for no others.
    ///   - share: The share of the label in the target, 0…1; its row of `others` has the rest (Zhang et al. 2018).
    ///   - dLogits: `[N, K]`, receives the gradient of the mean loss.
    /// - Returns: The mean loss, in nats.
    public func softmaxCrossEntropy(
        _ logits: Tensor, labels: [Int], labelSmoothing: Float = 0, mixedWith others: [Int]? = nil, share: Float = 1,
        into dLogits: Tensor
    ) -> Float {
        require(logits, "logits", hasRank: 2)
        require(dLogits, "dLogits", hasShape: logits.shape)
        let (rows, classes) = (logits.shape[0], logits.shape[1])
        precondition(labels.count == rows && rows > 0, "There are \(labels.count) labels for \(rows) rows")
        let (smoothing, share, others) = (Double(labelSmoothing), Double(share), others ?? labels)
        precondition(others.count == rows, "There are \(others.count) other labels for \(rows) rows")
        func requireClass(_ label: Int) {
            precondition(label >= 0 && label < classes, "Label \(label) is not one of \(classes) classes")
        }
        labels.forEach(requireClass)
        others.forEach(requireClass)
        let (source, target) = (UnsafePointer(logits.pointer), dLogits.pointer)
        return scratch.with(.call, rows) { losses in
            let work = (source, target, losses, labels, others, rows, classes, smoothing, share)
            parallel(tasks: rows, with: work) { work, row in
                let (source, target, losses, labels, others, rows, classes, smoothing, share) = work
                let (logits, gradient) = (source + row * classes, target + row * classes)
                let logSum = Compute.logSumOfPowers(logits, classes)
                var loss = 0.0
                for c in 0..<classes {
                    let logProbability = Double(logits[c]) - logSum
                    let target = (c == labels[row] ? share : 0) + (c == others[row] ? 1 - share : 0)
                    let wanted = (1 - smoothing) * target + smoothing / Double(classes)
                    // A class that is not wanted costs nothing, even where its probability is zero.
                    if wanted != 0 { loss -= wanted * logProbability }
                    gradient[c] = Float((exp(logProbability) - wanted) / Double(rows))
                }
                losses[row] = Float(loss)
            }
            var sum = 0.0
            for row in 0..<rows { sum += Double(losses[row]) }
            return Float(sum / Double(rows))
        }
    }

    private func parallelRows(_ rows: Int, _ body: (Int) -> Void) {
        parallel(tasks: (rows + 15) / 16) { task in
            for row in task * 16..<min(rows, task * 16 + 16) { body(row) }
        }
    }

    /// ln Σ exp(x), in double precision and without overflow.
    private static func logSumOfPowers(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
        var top = -Float.infinity
        for i in 0..<count { top = max(top, x[i]) }
        var sum = 0.0
        for i in 0..<count { sum += exp(Double(x[i]) - Double(top)) }
        return Double(top) + log(sum)
    }
}
