internal import Foundation
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A ``ProgressSink`` on standard error: a bar with rate and time left on a terminal, a line every tenth elsewhere.
public final class TerminalProgress: ProgressSink {
    private struct State {
        var activity = ""
        /// When the rate is taken from, and how much was done then: an activity that goes on begins with much.
        var start = ContinuousClock.now
        var first = 0
        var updates = 0
        var lastShown: ContinuousClock.Instant?
        var lastTenth = -1
    }

    private let state = Mutex(State())
    private let isTerminal: Bool

    /// Makes a sink; on a terminal it draws bars.
    public init() { isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1 }

    /// Draws the bar again, at most ten times a second; the last update of an activity is always drawn.
    public func report(_ update: ProgressUpdate) {
        state.withLock { state in
            let now = ContinuousClock.now
            if update.activity != state.activity {
                state = State(activity: update.activity)
            }
            // The first update may come before work that was done earlier is known.
            state.updates += 1
            if state.updates <= 2 { (state.start, state.first) = (now, update.completed) }
            let isLast = update.completed == update.total
            if isTerminal {
                if !isLast, let last = state.lastShown, now - last < .milliseconds(100) { return }
                state.lastShown = now
                show("\r\u{1B}[2K" + line(update, state, now: now) + (isLast ? "\n" : ""))
            } else {
                let tenth = update.total.map { $0 == 0 ? 10 : 10 * update.completed / $0 } ?? update.completed / 10_000
                guard tenth != state.lastTenth else { return }
                state.lastTenth = tenth
                show(line(update, state, now: now) + "\n")
            }
        }
    }

    private func line(_ update: ProgressUpdate, _ state: State, now: ContinuousClock.Instant) -> String {
        let seconds = (now - state.start) / .seconds(1)
        let rate = seconds > 0.2 ? Double(update.completed - state.first) / seconds : nil
        var parts = [update.activity.padding(toLength: 24, withPad: " ", startingAt: 0)]
        if let total = update.total, total > 0 {
            let filled = min(24, 24 * update.completed / total)
            parts.append("▕" + String(repeating: "█", count: filled) + String(repeating: " ", count: 24 - filled) + "▏")
            parts.append("\(update.completed)/\(total)")
            if let rate, rate > 0, update.completed < total {
                parts.append("\(clock(Double(total - update.completed) / rate)) left")
            }
        } else {
            parts.append("\(update.completed)")
        }
        if let rate { parts.append(rate >= 10 ? "\(Int(rate))/s" : String(format: "%.2f/s", rate)) }
        if !update.remark.isEmpty { parts.append(update.remark) }
        return parts.joined(separator: "  ")
    }

    private func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole >= 3600
            ? String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
            : String(format: "%d:%02d", whole / 60, whole % 60)
    }

    private func show(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
