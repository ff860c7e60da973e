/// A model file in two parts: what there is much of, which is read without messages, and all the rest.
///
/// What reads messages copies every field of bytes, and makes an array of each list. Weights, and the lists that trees
/// are, are nearly all of a file: raw data are looked up by their places instead, and long lists read at once. The numbers
/// of the fields are those of `onnx.proto`.
struct ONNXFileParts {
    /// A place among the attributes of the graph's nodes.
    private struct AttributePlace: Hashable { var node, attribute: Int }

    /// Raw data and lists of as many bytes or more are left out of the rest.
    static let leastByteCount = 4096

    /// The file with empty fields for the large raw data, and without long lists: a message that is read as usual.
    private(set) var rest: [UInt8] = []
    /// For each constant of the graph, in order, where its large raw data lie in the file.
    private(set) var rawData: [Range<Int>?] = []
    private var lists: [AttributePlace: AttributeLists] = [:]
    private var nodeCount = 0
    private var cursor: WireCursor

    private enum Field {
        static let graphOfModel = 7
        static let nodeOfGraph = 1, initializerOfGraph = 5
        static let attributeOfNode = 5
        static let rawDataOfTensor = 9
    }

    /// Finds the parts; `nil` when there is nothing large, or the bytes are not fields throughout, which whoever reads
    /// the whole will say.
    init?(_ bytes: ModelBytes) throws {
        cursor = WireCursor(bytes)
        guard
            let rest = try rewriting(
                0..<bytes.count,
                { parts, field in
                    guard field.number == Field.graphOfModel else { return .asItIs }
                    return .changed(try parts.graph(field.content))
                }), !lists.isEmpty || rawData.contains(where: { $0 != nil })
        else { return nil }
        self.rest = rest
    }

    /// The long lists of an attribute, if it has any.
    func lists(node: Int, attribute: Int) -> AttributeLists? {
        lists.isEmpty ? nil : lists[AttributePlace(node: node, attribute: attribute)]
    }

    private mutating func graph(_ range: Range<Int>) throws -> [UInt8]? {
        try rewriting(range) { parts, field in
            switch field.number {
            case Field.initializerOfGraph: .changed(try parts.tensor(field.content))
            case Field.nodeOfGraph: .changed(try parts.node(field.content))
            default: .asItIs
            }
        }
    }

    private mutating func tensor(_ range: Range<Int>) throws -> [UInt8]? {
        guard range.count >= Self.leastByteCount else {
            rawData.append(nil)
            return try cursor.copy(range)
        }
        var place: Range<Int>?
        let rest = try rewriting(range) { _, field in
            guard field.number == Field.rawDataOfTensor else { return .asItIs }
            // Of a field that comes twice, the last one holds: such a tensor is left as it is.
            guard field.content.count >= Self.leastByteCount, place == nil else { return .changed(nil) }
            place = field.content
            return .changed([])
        }
        rawData.append(rest == nil ? nil : place)
        return try rest ?? cursor.copy(range)
    }

    private mutating func node(_ range: Range<Int>) throws -> [UInt8]? {
        defer { nodeCount += 1 }
        guard range.count >= Self.leastByteCount else { return try cursor.copy(range) }
        var attributeCount = 0
        return try rewriting(range) { parts, field in
            guard field.number == Field.attributeOfNode else { return .asItIs }
            let place = AttributePlace(node: parts.nodeCount, attribute: attributeCount)
            attributeCount += 1
            let content = try parts.cursor.copy(field.content)
            guard content.count >= Self.leastByteCount, let lists = AttributeLists(content) else {
                return .changed(content)
            }
            parts.lists[place] = lists
            return .changed(lists.rest)
        }
    }

    /// What becomes of a field.
    private enum Change {
        case asItIs
        /// Other content; `nil` makes the whole message unreadable.
        case changed([UInt8]?)
    }

    /// A message with fields changed; `nil` when the bytes are no message.
    private mutating func rewriting(
        _ range: Range<Int>, _ change: (inout ONNXFileParts, WireCursor.Field) throws -> Change
    ) throws -> [UInt8]? {
        var result: [UInt8] = []
        cursor.move(to: range.lowerBound)
        while cursor.position < range.upperBound {
            let start = cursor.position
            guard let field = try cursor.next(before: range.upperBound) else { return nil }
            let end = cursor.position
            // A message or bytes in any other encoding are an unknown field.
            switch field.encoding == .bytes ? try change(&self, field) : .asItIs {
            case .asItIs: result += try cursor.copy(start..<end)
            case .changed(let content):
                guard let content else { return nil }
                result.append(varint: UInt64(field.number) << 3 | WireCursor.Field.Encoding.bytes.rawValue)
                result.append(varint: UInt64(content.count))
                result += content
            }
            cursor.move(to: end)
        }
        return result
    }
}

extension [UInt8] {
    fileprivate mutating func append(varint: UInt64) {
        var value = varint
        while value >= 0x80 {
            append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        append(UInt8(value))
    }
}
