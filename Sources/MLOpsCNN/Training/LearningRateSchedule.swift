internal import Foundation
internal import MLOpsCore

/// How the learning rate goes over the steps of a training.
public enum LearningRateSchedule: Sendable, Hashable, Codable {
    /// The same rate at every step.
    case constant(Double)
    /// A rate that is multiplied by `factor` after each `epochs` epochs.
    case step(Double, factor: Double = 0.1, epochs: Int)
    /// A linear rise over the share `warmUp` of all steps to `peak`, then half a cosine down to `floor`.
    ///
    /// Source: I. Loshchilov, F. Hutter, "SGDR", ICLR 2017, without restarts.
    case cosine(peak: Double, warmUp: Double = 0.05, floor: Double = 0)
    /// Half a cosine from `peak` / 25 up over the share `rise`, then one down to `peak` / 250 000.
    ///
    /// Source: L. Smith, N. Topin, "Super-convergence", 2018, with cosines for both phases.
    case oneCycle(peak: Double, rise: Double = 0.3)

    /// The rate of a step in 0 ..< `steps`.
    public func rate(atStep step: Int, of steps: Int, stepsPerEpoch: Int) -> Double {
        let t = Double(step)
        switch self {
        case .constant(let rate):
            return rate
        case .step(let rate, let factor, let epochs):
            return rate * pow(factor, Double(step / max(1, stepsPerEpoch) / max(1, epochs)))
        case .cosine(let peak, let warmUp, let floor):
            let rise = (Double(steps) * warmUp).rounded()
            if t < rise { return peak * (t + 1) / rise }
            return between(peak, floor, (t - rise) / max(1, Double(steps) - rise))
        case .oneCycle(let peak, let rise):
            let top = rise * Double(steps) - 1
            if t <= top { return between(peak / 25, peak, t / max(1, top)) }
            return between(peak, peak / 250_000, (t - top) / max(1, Double(steps) - 1 - top))
        }
    }

    /// Throws `invalidArgument` for rates that are not finite or negative, and shares outside 0…1.
    package func validate() throws {
        let (rates, shares): ([Double], [Double]) =
            switch self {
            case .constant(let rate): ([rate], [])
            case .step(let rate, let factor, _): ([rate, factor], [])
            case .cosine(let peak, let warmUp, let floor): ([peak, floor], [warmUp])
            case .oneCycle(let peak, let rise): ([peak], [rise])
            }
        guard rates.allSatisfy({ $0 >= 0 && $0.isFinite }), shares.allSatisfy({ (0...1).contains($0) }) else {
            throw MLOpsError(
                .invalidArgument, "The learning rate schedule \(self) can't be followed.",
                help: "Give rates of at least 0 and shares in 0…1.")
        }
    }

    private func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        to + (from - to) * (1 + cos(Double.pi * share)) / 2
    }
}
