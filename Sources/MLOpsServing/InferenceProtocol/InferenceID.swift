/// The name of one prediction: the request's id and the row in the request.
public enum InferenceID {
    /// The inference id of a row of a request, such as `7f3a/0`; feedback names it.
    public static func row(_ row: Int, of request: String) -> String { "\(request)/\(row)" }
}
