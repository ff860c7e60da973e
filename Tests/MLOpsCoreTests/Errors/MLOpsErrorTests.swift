import Foundation
import MLOpsCore
import Testing

@Suite("MLOpsError")
struct MLOpsErrorTests {
    @Test("an error says what happened, what to do, and what led to it")
    func describesItself() {
        let cause = MLOpsError(.storage, "The disk is full.", help: "Free some space.")
        let error = MLOpsError(.unavailable, "Can't open 'x'.", help: "Try again.", cause: cause)
        let text = "\(error)"
        for part in ["Can't open 'x'.", "[unavailable]", "help: Try again.", "The disk is full."] {
            #expect(text.contains(part))
        }
    }

    @Test("a cause of Foundation's is told in words, not as a dump")
    func tellsCauses() {
        let missing = #expect(throws: (any Error).self) { try Data(contentsOf: URL(filePath: "/no/such/file")) }
        let text = "\(MLOpsError(.notFound, "Can't open it.", help: "Check the path.", cause: missing))"
        #expect(text.contains("cause: ") && !text.contains("UserInfo") && !text.contains("Domain="))
    }

    @Test("the codes are open: a plug-in can add its own")
    func hasOpenCodes() { #expect(MLOpsError.Code("mine") != .storage && MLOpsError.Code("storage") == .storage) }
}
