internal import Foundation
internal import GRDB

extension DatabasePool {
    /// Opens a database that other processes may be making at the same moment.
    ///
    /// A new file is changed to a write-ahead log under a lock that SQLite does not wait for, whatever the timeout.
    static func opening(at url: URL, _ configuration: Configuration) throws -> DatabasePool {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do { return try DatabasePool(path: url.path, configuration: configuration) } catch let error
                as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end
            {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }
}
