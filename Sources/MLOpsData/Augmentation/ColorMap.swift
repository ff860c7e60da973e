internal import Foundation

/// What becomes of a pixel's red, green and blue (0…255): sums of them, and a constant.
struct ColorMap: Equatable {
    /// How red, green and blue each enter the results; the fourth lane is unused.
    var red: SIMD4<Float>
    var green: SIMD4<Float>
    var blue: SIMD4<Float>
    var constant: SIMD4<Float>

    static let identity = ColorMap(
        red: [1, 0, 0, 0], green: [0, 1, 0, 0], blue: [0, 0, 1, 0], constant: .zero)

    /// Brightness, then contrast, saturation and hue, as factors and an angle.
    static func jittering(brightness: Double, contrast: Double, saturation: Double, hue: Double) -> ColorMap {
        let (luma, i, q) = (yiq.0, yiq.1, yiq.2)
        let (c, s) = (cos(hue), sin(hue))
        let turnedI = i * c - q * s
        let turnedQ = i * s + q * c
        // The columns of the way back from YIQ.
        let scale = 1 / (luma * cross(i, q)).sum()
        let (backY, backI, backQ) = (cross(i, q) * scale, cross(q, luma) * scale, cross(luma, i) * scale)
        var rows: [SIMD3<Double>] = []
        for row in 0..<3 {
            var turned = luma * backY[row]
            turned += turnedI * backI[row]
            turned += turnedQ * backQ[row]
            // A row says what a result is made of; saturation goes through all of it.
            rows.append(luma * (turned.sum() * (1 - saturation)) + turned * saturation)
        }
        let factor = brightness * contrast
        let base = 127.5 * (1 - contrast)
        func column(_ i: Int) -> SIMD4<Float> {
            SIMD4(Float(rows[0][i] * factor), Float(rows[1][i] * factor), Float(rows[2][i] * factor), 0)
        }
        return ColorMap(
            red: column(0), green: column(1), blue: column(2),
            constant: SIMD4(Float(base), Float(base), Float(base), 0))
    }

    @inline(__always) func callAsFunction(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
        let first = constant + red * pixel.x
        let second = first + green * pixel.y
        return second + blue * pixel.z
    }

    /// First this map, then the next one.
    func followed(by next: ColorMap) -> ColorMap {
        func linear(_ v: SIMD4<Float>) -> SIMD4<Float> { next.red * v.x + next.green * v.y + next.blue * v.z }
        return ColorMap(
            red: linear(red), green: linear(green), blue: linear(blue), constant: linear(constant) + next.constant)
    }
}

/// Y, I and Q of red, green and blue.
///
/// Source: 47 CFR § 73.682 (a)(20)(iv), the NTSC color signal.
private let yiq: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) = (
    [0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]
)

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
}
