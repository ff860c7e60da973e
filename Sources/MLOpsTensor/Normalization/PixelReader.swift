/// The pixels that a transform reads, and what is done to them on the way.
enum PixelSource {
    /// As they are.
    case plain(UnsafePointer<Float>)
    /// relu(x · scale + shift), with a number for each channel.
    case activated(ActivatedPixels)
    /// The gradient that goes through a ReLU and a normalization.
    case gradient(NormalizedGradientPixels)

    init(_ x: Tensor, _ activation: ChannelActivation?) {
        guard let activation else {
            self = .plain(x.pointer)
            return
        }
        self = .activated(
            ActivatedPixels(
                pixels: x.pointer, scale: activation.scale.pointer, shift: activation.shift.pointer))
    }

    init(_ gradient: NormalizedGradient) {
        self = .gradient(NormalizedGradientPixels(gradient))
    }
}

/// The addresses of pixels and of what is left to be done to them.
struct ActivatedPixels {
    var pixels: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
}

/// The addresses in a ``NormalizedGradient``.
struct NormalizedGradientPixels {
    var dy: UnsafePointer<Float>, z: UnsafePointer<Float>
    var scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
    var factor: UnsafePointer<Float>, slope: UnsafePointer<Float>, summand: UnsafePointer<Float>

    init(_ gradient: NormalizedGradient) {
        (dy, z) = (UnsafePointer(gradient.dy.pointer), UnsafePointer(gradient.z.pointer))
        scale = UnsafePointer(gradient.activation.scale.pointer)
        shift = UnsafePointer(gradient.activation.shift.pointer)
        factor = UnsafePointer(gradient.factor.pointer)
        slope = UnsafePointer(gradient.slope.pointer)
        summand = UnsafePointer(gradient.summand.pointer)
    }

    /// Of a gradient of which only sums are asked for, which need no factors.
    init(dy: Tensor, z: Tensor, _ activation: ChannelActivation) {
        (self.dy, self.z) = (UnsafePointer(dy.pointer), UnsafePointer(z.pointer))
        (scale, shift) = (UnsafePointer(activation.scale.pointer), UnsafePointer(activation.shift.pointer))
        (factor, slope, summand) = (scale, scale, scale)
    }
}

/// Reads one vector of channels of an image's pixels.
protocol PixelReader {
    associatedtype Source
    associatedtype V: FloatVector
    /// - Parameters:
    ///   - image: the offset of the image's first pixel.
    ///   - channel: the vector's first channel.
    init(_ source: Source, image: Int, channel: Int)
    /// The pixel at an offset from the image's first one.
    func load(_ offset: Int) -> V
}

struct PlainReader<V: FloatVector>: PixelReader {
    let pixels: UnsafePointer<Float>

    @inline(__always) init(_ source: UnsafePointer<Float>, image: Int, channel: Int) {
        pixels = source + (image &+ channel)
    }
    @inline(__always) func load(_ offset: Int) -> V { V.load(pixels + offset) }
}

struct ActivatingReader<V: FloatVector>: PixelReader {
    let pixels: UnsafePointer<Float>
    let scale: V, shift: V

    @inline(__always) init(_ source: ActivatedPixels, image: Int, channel: Int) {
        pixels = source.pixels + (image &+ channel)
        scale = V.load(source.scale + channel)
        shift = V.load(source.shift + channel)
    }
    @inline(__always) func load(_ offset: Int) -> V {
        shift.adding(V.load(pixels + offset), times: scale).relu()
    }
}

struct GradientReader<V: FloatVector, M: ClippingMask>: PixelReader {
    let dy: UnsafePointer<Float>, z: UnsafePointer<Float>
    let scale: V, shift: V, factor: V, slope: V, summand: V

    @inline(__always) init(_ source: NormalizedGradientPixels, image: Int, channel: Int) {
        dy = source.dy + (image &+ channel)
        z = source.z + (image &+ channel)
        scale = V.load(source.scale + channel)
        shift = V.load(source.shift + channel)
        factor = V.load(source.factor + channel)
        slope = V.load(source.slope + channel)
        summand = V.load(source.summand + channel)
    }
    @inline(__always) func load(_ offset: Int) -> V {
        let value = V.load(z + offset)
        let gradient = M.gradient(V.load(dy + offset), at: shift.adding(value, times: scale))
        return summand.adding(value, times: slope).adding(gradient, times: factor)
    }
}
