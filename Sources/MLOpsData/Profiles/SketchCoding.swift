/// The most values that a sketch read from JSON may have counted: sums of a thousand such counts are still in range.
let maxSketchCount = 1 << 53

extension Decoder {
    /// The error for a sketch whose parts contradict each other.
    func damaged(_ sketch: String) -> DecodingError {
        .dataCorrupted(
            .init(codingPath: codingPath, debugDescription: "the parts of the \(sketch) contradict each other"))
    }
}
