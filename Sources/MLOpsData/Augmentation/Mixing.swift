internal import Foundation
internal import MLOpsCore

/// How two pictures become one that belongs to both classes in part.
public struct Mixing: Sendable, Hashable, Codable {
    /// A way to mix.
    public enum Method: String, Sendable, Hashable, Codable {
        /// Each value is a weighted mean.
        ///
        /// Source: H. Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018.
        case mixup
        /// A rectangle of one picture lies on the other.
        ///
        /// Source: S. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable
        /// features", ICCV 2019.
        case cutmix
    }

    /// The key of chance.
    public var seed: UInt64
    /// The way.
    public var method: Method
    /// Shares are drawn from Beta(alpha, alpha): small values leave most pictures nearly whole, 1 draws all shares
    /// alike.
    public let alpha: Double

    /// Makes a mixing; throws `invalidArgument` unless 0 < `alpha` ≤ 1.
    public init(_ method: Method, seed: UInt64, alpha: Double) throws {
        guard alpha > 0, alpha <= 1 else {
            throw MLOpsError(
                .invalidArgument, "Shares can't be drawn with alpha \(alpha).", help: "Give one above 0, at most 1.")
        }
        self.seed = seed
        self.method = method
        self.alpha = alpha
    }

    private enum CodingKeys: String, CodingKey { case seed, method, alpha }

    /// Reads the values, and checks them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(Method.self, forKey: .method), seed: container.decode(UInt64.self, forKey: .seed),
            alpha: container.decode(Double.self, forKey: .alpha))
    }

    /// Mixes two pictures of one size.
    func mix(_ first: LabeledImage, with second: LabeledImage, using chance: inout SeededGenerator) -> MixedImage {
        let (width, height) = (first.image.width, first.image.height)
        precondition(
            second.image.width == width && second.image.height == height,
            "\(width) × \(height) can't be mixed with \(second.image.width) × \(second.image.height)")
        var share = share(using: &chance)
        var image = first.image
        switch method {
        case .mixup:
            let weight = Float(share)
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                second.image.pixels.withUnsafeBufferPointer { other in
                    for i in 0..<pixels.count {
                        pixels[i] = UInt8(weight * Float(pixels[i]) + (1 - weight) * Float(other[i]) + 0.5)
                    }
                }
            }
        case .cutmix:
            let side = (1 - share).squareRoot()
            let (w, h) = (Int((side * Double(width)).rounded()), Int((side * Double(height)).rounded()))
            let (x, y) = (chance.integer(below: width - w + 1), chance.integer(below: height - h + 1))
            for row in y..<y + h {
                let range = (row * width + x) * 3..<(row * width + x + w) * 3
                image.pixels.replaceSubrange(range, with: second.image.pixels[range])
            }
            share = 1 - Double(w * h) / Double(width * height)
        }
        return MixedImage(image, labels: (first.label, second.label), share: share, id: first.id)
    }

    /// A share from Beta(alpha, alpha).
    ///
    /// Source: M. Jöhnk, "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen", Metrika 8, 1964.
    private func share(using chance: inout SeededGenerator) -> Double {
        var (a, b) = (0.0, 0.0)
        repeat {
            a = pow(chance.uniform(), 1 / alpha)
            b = pow(chance.uniform(), 1 / alpha)
        } while a + b > 1 || a + b == 0
        return a / (a + b)
    }
}
