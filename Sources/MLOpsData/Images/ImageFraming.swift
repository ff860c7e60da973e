/// Which part of a picture a network sees.
public enum ImageFraming: Sendable, Hashable, Codable {
    /// All of it, stretched to the network's proportions.
    case stretched
    /// The largest rectangle of the network's proportions in the middle, and of its sides this share, above 0 and at
    /// most 1. Networks trained elsewhere often take 224/256 = 0.875.
    case centered(share: Double)

    /// The part, as the place of its upper left pixel and its sizes.
    func part(
        ofWidth width: Int, height: Int, for target: (width: Int, height: Int)
    ) -> (x: Int, y: Int, width: Int, height: Int) {
        guard case .centered(let share) = self else { return (0, 0, width, height) }
        // As wide as the picture, or as high.
        let scale = min(Double(width) / Double(target.width), Double(height) / Double(target.height)) * share
        let w = min(width, max(1, Int((Double(target.width) * scale).rounded())))
        let h = min(height, max(1, Int((Double(target.height) * scale).rounded())))
        return ((width - w) / 2, (height - h) / 2, w, h)
    }
}
