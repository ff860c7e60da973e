internal import Foundation

/// The values along one axis, from where to where, and the ticks between.
struct PlotScale: Sendable {
    struct Tick: Sendable, Hashable {
        let value: Double
        let label: String
    }

    let lower: Double
    let upper: Double
    let ticks: [Tick]

    /// Where a value lies between the ends: 0 at the lower, 1 at the upper.
    func fraction(_ value: Double) -> Double { (value - lower) / (upper - lower) }

    /// A scale that covers all finite values among those given, with ticks at round numbers.
    ///
    /// Source: P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
    ///
    /// - Parameter snap: whether the ends move out to the next tick.
    init(numbers values: some Sequence<Double>, about count: Int = 6, snap: Bool = true) {
        let (low, high) = Self.range(of: values)
        let step = Self.nice((high - low) / Double(max(1, count - 1)))
        let first = (low / step).rounded(snap ? .down : .up)
        let last = (high / step).rounded(snap ? .up : .down)
        var ticks: [Tick] = []
        var index = first
        while index <= last, ticks.count < 40 {
            ticks.append(Tick(value: index * step, label: Self.label(index * step, step: step)))
            index += 1
        }
        lower = snap ? min(low, first * step) : low
        upper = snap ? max(high, last * step) : high
        self.ticks = ticks
    }

    /// A scale of times, in seconds since 1970, with ticks at round times of day, in UTC.
    init(dates values: some Sequence<Double>, about count: Int = 6) {
        // Years 1 to 9999: what a calendar can write.
        let (low, high) = Self.range(
            of: values.filter { $0 > -62_135_596_800 && $0 < 253_402_300_800 }, single: 43_200)
        let steps: [Double] = [
            1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172_800, 345_600, 604_800, 1_209_600,
            2_592_000,
            7_776_000, 31_536_000,
        ]
        let wanted = (high - low) / Double(count)
        let step = steps.first { $0 >= wanted } ?? (wanted / 31_536_000).rounded(.up) * 31_536_000
        let first = (low / step).rounded(.up)
        ticks = (0..<40).map { (first + Double($0)) * step }.prefix { $0 <= high }.map {
            Tick(value: $0, label: Self.time($0, step: step))
        }
        lower = low
        upper = high
    }

    /// A scale of names, evenly spaced, with a tick in the middle of each name's slot.
    init(categories: [String]) {
        let count = Double(max(1, categories.count))
        // Beyond a dozen names, labels would run into each other.
        let every = max(1, (categories.count + 11) / 12)
        lower = 0
        upper = count
        ticks = categories.enumerated().filter { $0.offset % every == 0 }.map { index, name in
            let room = max(4, Int(90 / max(1, count / 7)))
            return Tick(
                value: Double(index) + 0.5, label: name.count <= room ? name : name.prefix(room - 1) + "…")
        }
    }

    /// - Parameter single: how far the ends lie from values that are all the same; a tenth of them when `nil`.
    private static func range(of values: some Sequence<Double>, single: Double? = nil) -> (Double, Double) {
        var low = Double.infinity
        var high = -Double.infinity
        for value in values where value.isFinite && abs(value) < 1e300 {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return (0, 1) }
        // Below this width ticks would not differ from one another.
        if high - low <= max(abs(low), abs(high)) * 1e-9 {
            let half = single ?? max(abs(low) * 0.1, 0.5)
            return (low - half, high + half)
        }
        return (low, high)
    }

    private static func nice(_ width: Double) -> Double {
        let power = pow(10, log10(width).rounded(.down))
        let share = width / power
        return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power
    }

    private static func label(_ value: Double, step: Double) -> String {
        let value = value == 0 ? 0 : value
        if abs(value) >= 1e6 || (step < 1e-4 && value != 0) {
            // As many digits as tell neighbors apart.
            let digits = max(3, min(12, log10(abs(value) / step).rounded(.up) + 1))
            return String(format: "%.\(Int(digits))g", value)
        }
        let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        return String(format: "%.\(digits)f", value)
    }

    private static func time(_ seconds: Double, step: Double) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: seconds))
        func two(_ part: Int?) -> String { String(format: "%02d", part ?? 0) }
        let day = "\(two(parts.month))-\(two(parts.day))"
        switch step {
        case ..<60: return "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
        case ..<86400:
            return parts.hour == 0 && parts.minute == 0 ? day : "\(two(parts.hour)):\(two(parts.minute))"
        case ..<7_776_000: return day
        default: return "\(parts.year ?? 0)-\(two(parts.month))"
        }
    }
}
