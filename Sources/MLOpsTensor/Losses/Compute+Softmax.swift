extension Compute {
    /// Probabilities from logits, for each row on its own.
    ///
    /// - Parameters:
    ///   - logits: `[N, K]`.
    ///   - y: `[N, K]`; may be `logits` itself.
    public func softmax(_ logits: Tensor, into y: Tensor) {
        require(y, "y", hasShape: logits.shape)
        Reference.softmax(logits, into: y)
    }

    /// The mean cross-entropy between the softmax of logits and labels, and its gradient.
    ///
    /// - Parameters:
    ///   - logits: `[N, K]`, N at least 1.
    ///   - labels: N classes, each from 0 up to K.
    ///   - labelSmoothing: The share of probability that is spread evenly over all classes (Szegedy et al. 2016).
    ///   - dLogits: `[N, K]`, receives the gradient of the mean loss.
    /// - Returns: The mean loss, in nats.
    public func softmaxCrossEntropy(
        _ logits: Tensor, labels: [Int], labelSmoothing: Float = 0, into dLogits: Tensor
    ) -> Float {
        require(logits, "logits", hasRank: 2)
        require(dLogits, "dLogits", hasShape: logits.shape)
        let (rows, classes) = (logits.shape[0], logits.shape[1])
        precondition(labels.count == rows && rows > 0, "There are \(labels.count) labels for \(rows) rows")
        for label in labels {
            precondition(label >= 0 && label < classes, "Label \(label) is not one of \(classes) classes")
        }
        return Reference.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: labelSmoothing, into: dLogits)
    }
}
