public import Foundation
public import MLOpsCore

/// A straight line through the readings of a sensor, and when it crosses a limit: failures foreseen.
///
/// Ordinary least squares. A trend counts when the interval of its slope excludes zero; the interval is Student's,
/// widened by the Cornish–Fisher expansion of t (error below 1 % from 8 readings on).
public struct TrendForecast: Sendable, Hashable, Codable {
    /// The change of the value in a second, with its interval.
    public var slope: Estimate
    /// The value of the line at the last reading.
    public var level: Double
    /// When the last reading was taken.
    public var lastReading: Date

    /// Fits a line.
    ///
    /// - Returns: `nil` for fewer than 8 readings, or readings of one instant.
    public init?(_ series: TelemetrySeries, confidence: Double = 0.95) {
        let samples = series.samples
        guard samples.count >= 8, let last = samples.last else { return nil }
        let n = Double(samples.count)
        let times = samples.map { $0.at.timeIntervalSince(last.at) }
        let meanTime = times.reduce(0, +) / n
        let meanValue = samples.reduce(0) { $0 + $1.value } / n
        var timeSquares = 0.0
        var products = 0.0
        for (time, sample) in zip(times, samples) {
            timeSquares += (time - meanTime) * (time - meanTime)
            products += (time - meanTime) * (sample.value - meanValue)
        }
        guard timeSquares > 0 else { return nil }
        let slope = products / timeSquares
        var rest = 0.0
        for (time, sample) in zip(times, samples) {
            let residual = sample.value - meanValue - slope * (time - meanTime)
            rest += residual * residual
        }
        let error = (rest / (n - 2) / timeSquares).squareRoot()
        let half = Self.studentQuantile((1 + confidence) / 2, n - 2) * error
        self.slope = Estimate(
            slope, lower: slope - half, upper: slope + half, count: samples.count, confidence: confidence)
        level = meanValue - slope * meanTime
        lastReading = last.at
    }

    /// When the line reaches a limit that lies ahead of it: the instant of the last reading when it has.
    ///
    /// - Returns: `nil` without a trend toward the limit.
    public func crossing(of limit: Double, rising: Bool = true) -> Date? {
        if rising ? level >= limit : level <= limit { return lastReading }
        guard slope.excludesZero, (slope.value > 0) == rising else { return nil }
        return lastReading.addingTimeInterval((limit - level) / slope.value)
    }

    /// The finding `telemetry.<sensor>.forecast`: fail when the limit will be crossed within the horizon, in seconds.
    public static func finding(
        _ series: TelemetrySeries, limit: Double, rising: Bool = true, within horizon: TimeInterval, at: Date
    ) -> Finding {
        let check = "telemetry.\(series.sensor).forecast"
        guard let forecast = TrendForecast(series) else {
            return Finding(
                check: check, verdict: .insufficient,
                message: "\(series.samples.count) readings of \(series.sensor) are too few for a forecast.", at: at)
        }
        guard let crossing = forecast.crossing(of: limit, rising: rising) else {
            return Finding(
                check: check, verdict: .pass, message: "\(series.sensor) has no trend toward \(limit) \(series.unit).",
                at: at)
        }
        let hours = crossing.timeIntervalSince(at) / 3600
        let when = hours <= 0 ? "has reached" : "will reach, in \(Wording.number(hours, 1)) h,"
        return Finding(
            check: check, verdict: crossing <= at.addingTimeInterval(horizon) ? .fail : .pass,
            message: "\(series.sensor) \(when) \(limit) \(series.unit); it is at "
                + "\(Wording.number(forecast.level, 2)).", at: at)
    }

    /// Student's quantile; Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5.
    private static func studentQuantile(_ p: Double, _ degrees: Double) -> Double {
        let z = NormalDistribution.quantile(p)
        let z2 = z * z
        let g1 = z * (z2 + 1) / 4
        let g2 = z * ((5 * z2 + 16) * z2 + 3) / 96
        let g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
        return z + g1 / degrees + g2 / (degrees * degrees) + g3 / (degrees * degrees * degrees)
    }
}
