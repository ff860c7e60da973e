/// Probabilities of classes from those of each class against each other.
///
/// Source: Wu, Lin, Weng, "Probability estimates for multi-class classification by pairwise coupling", Journal of
/// Machine Learning Research 5 (2004), the second approach and algorithm 2; started and stopped as LIBSVM does.
enum PairwiseProbabilities {
    /// The probabilities of k classes; `r[i * k + j]` is that of class i against j.
    static func couple(_ r: [Float], classes k: Int) -> [Float] {
        var p = [Float](repeating: 1 / Float(k), count: k)
        var q = [Float](repeating: 0, count: k * k)
        for i in 0..<k {
            for j in 0..<k where j != i {
                q[i * k + i] += r[j * k + i] * r[j * k + i]
                q[i * k + j] = -r[j * k + i] * r[i * k + j]
            }
        }
        var qp = [Float](repeating: 0, count: k)
        for _ in 0..<100 {
            var pqp: Float = 0
            for i in 0..<k {
                qp[i] = 0
                for j in 0..<k { qp[i] += q[i * k + j] * p[j] }
                pqp += p[i] * qp[i]
            }
            let error = qp.reduce(0) { max($0, abs($1 - pqp)) }
            if error < 0.005 / Float(k) { break }
            for i in 0..<k {
                let step = (pqp - qp[i]) / q[i * k + i]
                p[i] += step
                pqp = (pqp + step * (step * q[i * k + i] + 2 * qp[i])) / (1 + step) / (1 + step)
                for j in 0..<k {
                    qp[j] = (qp[j] + step * q[i * k + j]) / (1 + step)
                    p[j] /= 1 + step
                }
            }
        }
        return p
    }
}
