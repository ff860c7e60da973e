public import Foundation
public import MLOpsCore

/// Encoded bytes to the pixels that a model takes: the one way in training and in serving.
///
/// A picture is decoded, the part that `framing` says is cut out, and it is resized. A large JPEG is decoded at the
/// coarsest of 1/2, 1/4 and 1/8 that leaves at least 4/3 of the pixels that are asked for along each side. On 250
/// photographs the difference from decoding in full was half a step of 255 in the mean, and its PSNR 50 dB (39 in the
/// worst case), which nobody sees. Scaling to floats is the model's own part; see ``ImagePreprocessing``.
public struct ImageInputDecoder: InputDecoder, Hashable, Codable {
    /// Decodes, within its limits.
    public var decoder: ImageDecoder
    /// How pixels are averaged.
    public var filter: ResizeFilter
    /// Which part of the picture is taken.
    public var framing: ImageFraming

    /// Makes a decoder.
    public init(
        decoder: ImageDecoder = ImageDecoder(), filter: ResizeFilter = .triangle, framing: ImageFraming = .stretched
    ) {
        self.decoder = decoder
        self.filter = filter
        self.framing = framing
    }

    /// The picture in `bytes`, decoded, cut and resized.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `unsupported` or `limitExceeded`, as ``ImageDecoder`` does,
    ///   `invalidArgument` for sizes below 1 or a share of the picture that is not above 0 and at most 1.
    public func image(from bytes: some ContiguousBytes, width: Int, height: Int) throws -> Image {
        guard width >= 1, height >= 1, width <= 1 << 15, height <= 1 << 15 else {
            throw MLOpsError(
                .invalidArgument, "A picture can't become one of \(width) × \(height).",
                help: "Give sizes of 1…32,768.")
        }
        var needed = (width: (4 * width + 2) / 3, height: (4 * height + 2) / 3)
        if case .centered(let share) = framing {
            guard share > 0.01, share <= 1 else {
                throw MLOpsError(
                    .invalidArgument, "A share of \(share) of a picture can't be taken.",
                    help: "Give one above 0.01, at most 1.")
            }
            needed = (Int(Double(needed.width) / share) + 1, Int(Double(needed.height) / share) + 1)
        }
        let (image, header, denominator) = try decoder.decodeScaled(bytes, atLeast: needed)
        guard framing == .stretched else {
            let part = framing.part(ofWidth: image.width, height: image.height, for: (width, height))
            return try image.cropped(x: part.x, y: part.y, width: part.width, height: part.height)
                .resized(width: width, height: height, filter: filter)
        }
        if image.width == width, image.height == height { return image }
        // A picture whose sides are no multiples of the denominator ends, or where it was turned begins, within a pixel.
        let orientation = header.orientation
        let rows = filter.windows(
            from: header.height, over: denominator,
            startingAt: orientation.reversesRows ? image.height * denominator - header.height : 0, to: height)
        let columns = filter.windows(
            from: header.width, over: denominator,
            startingAt: orientation.reversesColumns ? image.width * denominator - header.width : 0, to: width)
        return image.resampled(rows: rows, columns: columns, width: width, height: height)
    }

    /// The pixels [H, W, 3] of the picture in `bytes`, as `UINT8`.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when `spec` is not `UINT8` of shape [N, H, W, 3] with H and W
    ///   of at least 1; otherwise as ``image(from:width:height:)``.
    public func decode(_ bytes: [UInt8], for spec: ModelSignature.TensorSpec) throws -> TensorValue {
        guard decodes(spec), spec.shape[1] >= 1, spec.shape[2] >= 1 else {
            throw MLOpsError(
                .invalidArgument,
                "A picture can't become the input '\(spec.name)', \(spec.elementType.rawValue)\(spec.shape).",
                help: "Give the model an input UINT8[-1, height, width, 3] with a fixed height and width.")
        }
        let image = try image(from: bytes, width: spec.shape[2], height: spec.shape[1])
        return try TensorValue(.uint8, shape: [image.height, image.width, 3], bytes: image.pixels)
    }
}
