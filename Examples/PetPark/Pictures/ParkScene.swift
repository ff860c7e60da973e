import MLOpsCore

/// What a camera of the park sees at one moment: everything that a picture of it depends on.
struct ParkScene {
    enum Pet: String, CaseIterable { case cat, dog }

    static let cameras = ["fountain", "north-gate", "olive-grove", "sea-walk"]

    /// The number of the event; frames of one event show the same animal and must not be split.
    var event: Int
    /// The frame within the event: 0, or 1 for a near-duplicate.
    var frame: Int
    var pet: Pet
    var camera: String
    var isNight: Bool
    /// The label as written down, wrong in one of a hundred.
    var label: Pet
    /// Drives everything else: place, size, coat, pose.
    var seed: UInt64

    /// The scene of a picture's number. Every eighth picture is a near-duplicate of the one before it.
    init(number: Int, seed: UInt64) {
        frame = number % 8 == 7 ? 1 : 0
        event = number - frame
        var chance = SeededGenerator(seed: seed, UInt64(event))
        pet = chance.uniform() < 0.5 ? .cat : .dog
        camera = Self.cameras[chance.integer(below: Self.cameras.count)]
        isNight = chance.uniform() < 0.3
        self.seed = chance.next()
        label = chance.uniform() < 0.01 ? (pet == .cat ? .dog : .cat) : pet
    }
}
