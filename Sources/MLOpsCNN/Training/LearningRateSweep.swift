internal import Foundation
public import MLOpsCore

/// How the loss went while the learning rate rose from step to step: what a rate is chosen by.
///
/// Source: L. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3.
public struct LearningRateSweep: Sendable, Hashable, Codable {
    /// A step: its rate, and the loss before it, smoothed over the steps before.
    public struct Point: Sendable, Hashable, Codable {
        /// The learning rate.
        public var rate: Double
        /// The smoothed loss, in nats.
        public var loss: Double
    }

    /// The steps, in the order of the rate, up to where the loss rose to four times its least.
    public let points: [Point]

    /// A rate to try as the peak of a schedule: a tenth of that at which the loss was least; 0 when no loss was finite.
    public var suggestion: Double { (points.min { $0.loss < $1.loss }?.rate ?? 0) / 10 }

    /// The loss over the decimal logarithm of the rate.
    public var chart: LineChart {
        LineChart(
            title: "Loss by learning rate", xTitle: "log10 of the learning rate", yTitle: "loss",
            series: [.init("loss", points.map { .init(log10($0.rate), $0.loss) })])
    }
}
