public import Foundation
public import MLOpsCore

/// Encoded bytes to the pixels that a model takes: the one way in training and in serving.
///
/// A picture is decoded, large JPEGs at the coarsest scale that is at least twice the size asked for, and resized,
/// without keeping its proportions. Scaling to floats is the model's own part; see ``ImagePreprocessing``.
public struct ImageInputDecoder: InputDecoder, Hashable {
    /// Decodes, within its limits.
    public var decoder: ImageDecoder
    /// How pixels are averaged.
    public var filter: ResizeFilter

    /// Makes a decoder.
    public init(decoder: ImageDecoder = ImageDecoder(), filter: ResizeFilter = .triangle) {
        self.decoder = decoder
        self.filter = filter
    }

    /// The picture in `bytes`, decoded and resized.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `unsupported` or `limitExceeded`, as ``ImageDecoder`` does.
    public func image(from bytes: some ContiguousBytes, width: Int, height: Int) throws -> Image {
        let atLeast = (width: 2 * min(width, 1 << 20), height: 2 * min(height, 1 << 20))
        return try decoder.decode(bytes, atLeast: atLeast).resized(width: width, height: height, filter: filter)
    }

    /// The pixels [H, W, 3] of the picture in `bytes`, as `UINT8`.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when `spec` is not `UINT8` of shape [N, H, W, 3] with H and W
    ///   of at least 1; otherwise as ``image(from:width:height:)``.
    public func decode(_ bytes: [UInt8], for spec: ModelSignature.TensorSpec) throws -> TensorValue {
        guard spec.elementType == .uint8, spec.shape.count == 4, spec.shape[1] >= 1, spec.shape[2] >= 1,
            spec.shape[3] == 3
        else {
            throw MLOpsError(
                .invalidArgument,
                "A picture can't become the input '\(spec.name)', \(spec.elementType.rawValue)\(spec.shape).",
                help: "Give the model an input UINT8[-1, height, width, 3] with a fixed height and width.")
        }
        let image = try image(from: bytes, width: spec.shape[2], height: spec.shape[1])
        return try TensorValue(.uint8, shape: [image.height, image.width, 3], bytes: image.pixels)
    }
}
