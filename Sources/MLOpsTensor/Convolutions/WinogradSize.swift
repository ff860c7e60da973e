/// How many outputs Winograd's tiles have: F(4×4, 3×3) multiplies a quarter as often as the definition, and F(2×2, 3×3)
/// 16 times for each 36; but filters are 36 numbers at the points of the one, and 16 at those of the other.
///
/// Few tiles leave little to multiply with many filters, which come from memory: then the small tiles take less.
enum WinogradSize {
    case four, two

    /// The rows and columns of a tile's outputs.
    var outputs: Int { self == .four ? 4 : 2 }
    /// The rows and columns of its inputs, for a filter of three.
    var inputs: Int { outputs + 2 }
    var points: Int { inputs * inputs }
}
