internal import MLOpsCore

extension ONNXValueInfoProto {
    /// The name, element type and shape of a value; −1 is written as a named dimension, `batch` where it comes first.
    init(_ spec: ModelSignature.TensorSpec) {
        self.init()
        name = spec.name
        type.tensorType.elemType = Int32(spec.elementType.onnx.rawValue)
        type.tensorType.shape.dim = spec.shape.enumerated().map { index, extent in
            var dimension = ONNXTensorShapeProto.Dimension()
            if extent >= 0 {
                dimension.dimValue = Int64(extent)
            } else {
                dimension.dimParam = index == 0 ? "batch" : "\(spec.name)_\(index)"
            }
            return dimension
        }
    }
}

extension ModelSignature.TensorSpec {
    /// Reads the name and type of an input or output; throws `unsupported` when it is no tensor with a known rank.
    init(_ info: ONNXValueInfoProto, limits: ONNXLimits) throws {
        if case .sequenceType(let rows)? = info.type.value, case .mapType(let row)? = rows.elemType.value {
            // Rows as dictionaries, which ZipMap makes: see ONNXSession.labels.
            let type = try ElementType(onnx: Int(row.valueType.tensorType.elemType), in: "'\(info.name)'")
            self.init(info.name, type, shape: [-1, -1])
            return
        }
        guard case .tensorType(let type)? = info.type.value, type.hasShape else {
            throw MLOpsError(
                .unsupported, "The input or output '\(info.name)' is no tensor with a stated rank.",
                help: "Export the model with tensors of known rank; single dimensions may be left open.")
        }
        let elementType = try ElementType(onnx: Int(type.elemType), in: "'\(info.name)'")
        try limits.check(type.shape.dim.count, \.rank, of: "the rank of '\(info.name)'")
        let shape = try type.shape.dim.map { dimension in
            guard case .dimValue(let extent)? = dimension.value else { return -1 }
            guard extent >= 0 else {
                throw MLOpsError(
                    .corruptData, "A dimension of '\(info.name)' has the extent \(extent).",
                    help: "Leave a dimension open by giving it a name, or none, not by a negative number.")
            }
            return Int(extent)
        }
        try limits.elementCount(of: shape.map { max($0, 0) }, in: "'\(info.name)'")
        self.init(info.name, elementType, shape: shape)
    }
}
