public import MLOpsCore

/// Finds readings that stand out from those before them, by an exponentially weighted mean and variance.
///
/// A reading is an anomaly when it is further than ``deviations`` standard deviations from the mean of those before
/// it; anomalies do not move the mean, unless ``patience`` of them come in a row: then the level has changed, and the
/// detector learns the new one. Source: S. W. Roberts, "Control chart tests based on geometric moving averages",
/// Technometrics 1(3), 1959; the update of the variance: T. Finch, "Incremental calculation of weighted mean and
/// variance", 2009.
public struct AnomalyDetector: Sendable, Hashable, Codable {
    /// The weight of a new reading; 0…1.
    public let weight: Double
    /// The number of standard deviations beyond which a reading is an anomaly.
    public let deviations: Double
    /// The number of readings from which the first mean is taken, before any is judged.
    public let warmUp: Int
    /// The number of anomalies in a row after which their level is the new normal.
    public let patience: Int
    /// The least standard deviation, in the unit of the readings; so that a constant sensor may flicker.
    public let floor: Double
    private var count = 0
    private var mean = 0.0
    private var variance = 0.0
    private var streak = 0

    /// Makes a detector.
    public init(
        weight: Double = 0.1, deviations: Double = 4, warmUp: Int = 20, patience: Int = 10, floor: Double = 1e-9
    ) {
        precondition(weight > 0 && weight < 1, "the weight of a reading must be in 0…1, not \(weight)")
        precondition(warmUp >= 2, "the warm-up takes at least 2 readings, not \(warmUp)")
        self.weight = weight
        self.deviations = deviations
        self.warmUp = warmUp
        self.patience = patience
        self.floor = floor
    }

    /// Takes the next reading; the verdict is fail for an anomaly, insufficient during the warm-up.
    public mutating func verdict(on value: Double) -> Verdict {
        guard value.isFinite else { return .insufficient }
        guard count >= warmUp else {
            count += 1
            // Equal weights, by Welford, until there are enough.
            let step = (value - mean) / Double(count)
            variance += ((value - mean) * (value - mean - step) - variance) / Double(count)
            mean += step
            return .insufficient
        }
        let deviation = max(floor, max(0, variance).squareRoot())
        guard abs(value - mean) > deviations * deviation else {
            streak = 0
            let step = weight * (value - mean)
            variance = (1 - weight) * (variance + step * (value - mean))
            mean += step
            return .pass
        }
        streak += 1
        if streak >= patience {
            (count, mean, variance, streak) = (0, 0, 0, 0)
        }
        return .fail
    }
}
