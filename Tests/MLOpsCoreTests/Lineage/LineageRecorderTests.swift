import MLOpsCore
import MLOpsTestKit
import Testing

@Suite("LineageRecorder")
struct LineageRecorderTests {
    @Test("the recorder in memory keeps its promises")
    func passesTheExam() async throws {
        let recorder = InMemoryLineageRecorder()
        try await LineageRecorderExam(recorder) { await recorder.events }.run()
    }
}
