public import Foundation

/// The time of day, handed in from outside so that tests and simulations choose it.
public struct WallClock: Sendable {
    /// The time now.
    public let now: @Sendable () -> Date

    /// A clock that asks the closure.
    public init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// The computer's clock.
    public static let system = WallClock { Date() }

    /// A clock that stands still.
    public static func fixed(_ date: Date) -> WallClock { WallClock { date } }
}
