extension Reference {
    package static func relu(_ x: Tensor, into y: Tensor) {
        for i in 0..<x.count { y.pointer[i] = x.pointer[i] < 0 ? 0 : x.pointer[i] }
    }

    package static func reluBackward(_ dy: Tensor, _ y: Tensor, into dx: Tensor) {
        for i in 0..<dy.count { dx.pointer[i] = y.pointer[i] > 0 ? dy.pointer[i] : 0 }
    }

    package static func add(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        for i in 0..<c.count { c.pointer[i] = a.pointer[i] + b.pointer[i] }
    }

    package static func multiply(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        for i in 0..<c.count { c.pointer[i] = a.pointer[i] * b.pointer[i] }
    }
}
