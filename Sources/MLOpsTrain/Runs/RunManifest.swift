public import Foundation
public import MLOpsCore

/// What a training run was made of, so that it can be repeated and compared: the record of a run in a registry.
public struct RunManifest: Sendable, Hashable, Codable {
    /// The version of this layout; 1.
    public var schemaVersion = 1
    /// The run's id, unique in its registry.
    public var id: String
    /// The code, when it is known.
    public var code: SourceRevision?
    /// The digest of the dataset version.
    public var dataset: Digest
    /// The seed of the split.
    public var splitSeed: UInt64
    /// The hyperparameters, as canonical JSON.
    public var hyperparameters: String
    /// The seed of the training.
    public var seed: UInt64
    /// The compiler, such as `Swift 6.2`.
    public var toolchain: String
    /// The computer.
    public var machine: Machine
    /// The vector instructions that the kernels ran with, such as `avx2`, when they are known: of those that the machine
    /// has, maybe not the widest.
    public var instructionSet: String?
    /// The number of threads that were used.
    public var threadCount: Int
    /// When the run began.
    public var startedAt: Date
    /// When the run ended; `nil` while it runs.
    public var endedAt: Date?
    /// The digest of the weights that came out; `nil` while it runs.
    public var weights: Digest?

    /// Makes the manifest of a run that begins; set ``endedAt`` and ``weights`` when it ends.
    ///
    /// - Throws: what encoding the hyperparameters throws, such as a number that is not finite.
    public init(
        id: String, code: SourceRevision?, dataset: Digest, splitSeed: UInt64, hyperparameters: some Encodable,
        seed: UInt64, toolchain: String = Toolchain.current, machine: Machine = .current,
        instructionSet: String? = nil, threadCount: Int, startedAt: Date
    ) throws {
        self.id = id
        self.code = code
        self.dataset = dataset
        self.splitSeed = splitSeed
        self.hyperparameters = String(decoding: try CanonicalJSON.encode(hyperparameters), as: UTF8.self)
        self.seed = seed
        self.toolchain = toolchain
        self.machine = machine
        self.instructionSet = instructionSet
        self.threadCount = threadCount
        self.startedAt = startedAt
    }

    /// The names of the inputs in which two runs differ, in the order of this type's properties.
    ///
    /// Runs without differences give equal weights; times, the id and the number of threads don't count.
    public func differences(from other: RunManifest) -> [String] {
        var names: [String] = []
        if code != other.code { names.append("code") }
        if dataset != other.dataset { names.append("dataset") }
        if splitSeed != other.splitSeed { names.append("splitSeed") }
        if hyperparameters != other.hyperparameters { names.append("hyperparameters") }
        if seed != other.seed { names.append("seed") }
        if toolchain != other.toolchain { names.append("toolchain") }
        if machine != other.machine { names.append("machine") }
        if instructionSet != other.instructionSet { names.append("instructionSet") }
        return names
    }
}

/// The compiler that this library was built with.
public enum Toolchain {
    /// Its name and version, as far as the compiler tells it to the code.
    public static var current: String {
        #if compiler(>=6.5)
            "Swift 6.5 or newer"
        #elseif compiler(>=6.4)
            "Swift 6.4"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }
}
