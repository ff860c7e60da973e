extension Reference {
    package static func matrixProduct(
        _ a: Tensor, _ b: Tensor, into c: Tensor, transposingA: Bool, transposingB: Bool, accumulating: Bool
    ) {
        let m = c.shape[0]
        let n = c.shape[1]
        let k = transposingA ? a.shape[0] : a.shape[1]
        for i in 0..<m {
            for j in 0..<n {
                var sum = accumulating ? Double(c.pointer[i * n + j]) : 0
                for l in 0..<k {
                    let left = a.pointer[transposingA ? l * m + i : i * k + l]
                    let right = b.pointer[transposingB ? j * k + l : l * n + j]
                    sum += Double(left) * Double(right)
                }
                c.pointer[i * n + j] = Float(sum)
            }
        }
    }

    package static func columnSums(_ x: Tensor, into sums: Tensor) {
        let channels = sums.count
        for c in 0..<channels {
            var sum = 0.0
            for row in 0..<x.count / channels { sum += Double(x.pointer[row * channels + c]) }
            sums.pointer[c] = Float(sum)
        }
    }
}
