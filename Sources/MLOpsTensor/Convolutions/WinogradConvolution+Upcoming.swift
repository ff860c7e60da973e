// What the transforms of the next tiles read and write: rows of tiles lie in memory one after the other.
extension WinogradConvolution {
    /// The pixels of the input, or of its gradient, under some tiles, as far as there are any.
    func inputMemory(_ pixels: PixelSource, from first: Int, tiles count: Int) -> UpcomingMemory {
        pixels.memory(of: floats(first, count, height * width * inputs))
    }

    /// The pixels of the output, or of its gradient, under some tiles, as far as there are any.
    func outputMemory(_ pixels: PixelSource, from first: Int, tiles count: Int) -> UpcomingMemory {
        pixels.memory(of: floats(first, count, rows * columns * outputs))
    }

    private func floats(_ first: Int, _ count: Int, _ imageFloats: Int) -> Range<Int> {
        let tile = imageFloats / imageTiles
        return min(first, tiles) * tile..<min(first + count, tiles) * tile
    }
}

extension PixelSource {
    fileprivate func memory(of floats: Range<Int>) -> UpcomingMemory {
        func memory(_ pixels: UnsafePointer<Float>) -> UpcomingMemory {
            UpcomingMemory(pixels + floats.lowerBound, count: floats.count)
        }
        return switch self {
        case .plain(let x): memory(x)
        case .activated(let x): memory(x.pixels)
        case .gradient(let gradient): UpcomingMemory(memory(gradient.dy), memory(gradient.z))
        }
    }
}
