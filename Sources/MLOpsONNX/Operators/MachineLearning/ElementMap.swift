internal import MLOpsCore

/// Elements that others are put in place of: strings, whole numbers or floats. Equal is what has the same bits, but for
/// floats, of which every NaN is one and both zeros are.
struct ElementMap: Sendable {
    /// The elements of a list, to look up or to put in.
    enum List: Sendable {
        case strings([[UInt8]])
        case integers([Int64])
        case floats([Double])

        var count: Int {
            switch self {
            case .strings(let list): list.count
            case .integers(let list): list.count
            case .floats(let list): list.count
            }
        }
    }

    /// The type of what comes in.
    let source: ElementType
    /// The type of what goes out.
    let target: ElementType
    private let places: [Key: Int]
    private let values: List
    private let fallback: List

    private enum Key: Hashable {
        case string([UInt8])
        case integer(Int64)
        case float(UInt64)

        init(_ number: Double) { self = .float(number.isNaN ? Double.nan.bitPattern : (number + 0).bitPattern) }
    }

    /// Maps each key to the value at its place, the last one for a key that comes twice, and all else to the fallback.
    init(_ keys: List, of source: ElementType, to values: List, of target: ElementType, fallback: List) throws {
        guard keys.count == values.count, fallback.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "There are \(keys.count) keys for \(values.count) values.",
                help: "Give a value for each key.")
        }
        (self.source, self.target, self.values, self.fallback) = (source, target, values, fallback)
        let all: [Key] =
            switch keys {
            case .strings(let list): list.map { .string($0) }
            case .integers(let list): list.map { .integer($0) }
            case .floats(let list): list.map { Key($0) }
            }
        places = Dictionary(zip(all, all.indices)) { _, last in last }
    }

    /// Puts the mapped elements in the place of others.
    func run(_ x: Value, in context: RunContext) throws -> Value {
        let found: [Int?]
        switch source {
        case .bytes: found = try x.strings().map { places[.string($0)] }
        case .int64: found = x.read(as: Int64.self) { $0.map { places[.integer($0)] } }
        case .float32: found = x.read(as: Float.self) { $0.map { places[Key(Double($0))] } }
        case .float64: found = x.read(as: Double.self) { $0.map { places[Key($0)] } }
        case .int16: found = x.read(as: Int16.self) { $0.map { places[.integer(Int64($0))] } }
        default: throw MLOpsError.unsupported(source, instead: "INT64")
        }
        switch (values, fallback) {
        case (.strings(let list), .strings(let other)):
            return try context.strings(found.map { $0.map { list[$0] } ?? other[0] }, shape: x.shape)
        case (.integers(let list), .integers(let other)):
            let whole = try context.make(.int64, x.shape, as: Int64.self) { target in
                for (i, place) in found.enumerated() { target[i] = place.map { list[$0] } ?? other[0] }
            }
            return try whole.converted(to: target, in: context)
        case (.floats(let list), .floats(let other)):
            let real = try context.make(.float64, x.shape, as: Double.self) { target in
                for (i, place) in found.enumerated() { target[i] = place.map { list[$0] } ?? other[0] }
            }
            return try real.converted(to: target, in: context)
        default: throw MLOpsError.unsupported(target, instead: "the type of the values")
        }
    }
}

extension ElementMap.List {
    /// The elements of a tensor, and their type.
    init(_ value: TensorValue) throws {
        switch value.elementType {
        case .bytes: self = .strings(try value.byteStrings().map(Array.init))
        case .float32: self = .floats(try value.floats().map(Double.init))
        case .float64: self = .floats(Value(value).read(as: Double.self) { Array($0) })
        case .int64: self = .integers(Value(value).read(as: Int64.self) { Array($0) })
        case .int16: self = .integers(Value(value).read(as: Int16.self) { $0.map(Int64.init) })
        default: throw MLOpsError.unsupported(value.elementType, instead: "INT64")
        }
    }
}
