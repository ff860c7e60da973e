/// What random numbers are drawn for: the first step of their path below the seed, so that no two uses share any.
enum SeedPath {
    static let weights: UInt64 = 0
    static let order: UInt64 = 1
    static let augmentation: UInt64 = 2
    static let dropout: UInt64 = 3
    static let mixup: UInt64 = 4
}
