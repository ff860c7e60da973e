internal import Foundation

extension URL {
    /// Whether a request can be sent there: `http` or `https`, with a host, and with a port that there can be.
    ///
    /// The client beneath takes any port, and ends the process at one that no address has.
    var isWebAddress: Bool {
        ["http", "https"].contains(scheme?.lowercased() ?? "") && host()?.isEmpty == false
            && port.map { (0...65535).contains($0) } ?? true
    }
}
