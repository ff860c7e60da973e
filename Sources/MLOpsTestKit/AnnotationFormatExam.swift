internal import Foundation
internal import MLOpsCore
public import MLOpsData

/// The exam of ``AnnotationFormat``: writes a set, reads it back, and reads damaged files.
public struct AnnotationFormatExam: Sendable {
    private let format: any AnnotationFormat
    private let set: AnnotationSet

    /// Makes an exam of a format.
    ///
    /// - Parameter set: pictures with annotations of every feature that the format holds, and of no other; the format
    ///   must be able to read what it wrote of them.
    public init(of format: any AnnotationFormat, holding set: AnnotationSet) {
        self.format = format
        self.set = set
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        try require(
            set.images.contains { !$0.annotations.isEmpty }, "the exam needs a set with at least one annotation")
        let files = try format.files(of: set)
        try require(try format.files(of: set) == files, "equal sets give equal files")
        let paths = files.map(\.path)
        try require(Set(paths).count == paths.count, "each file has a path of its own")
        for path in paths {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            try require(
                !parts.contains { ["", ".", ".."].contains($0) },
                "a file's path stays in the folder; '\(path)' does not")
            let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
            try require(
                format.fileExtensions.contains(ending), "'\(path)' has an ending that the format says it reads")
        }
        let read = try format.set(from: files)
        try require(
            read.isNearlyEqual(to: set), "a set that uses only the format's features is read back as it was written")
        if !format.features.contains(.rotation) {
            let turned = RotatedBox(BoundingBox(x: 8, y: 8, width: 8, height: 4), degrees: 30)
            let image = AnnotatedImage(
                "turned.jpg", size: .init(width: 32, height: 32),
                annotations: [Annotation("thing", .rotatedBox(turned))])
            let lossy = try AnnotationSet(images: [image])
            try await requireError(.unsupported, "a loss that was not allowed is refused") {
                _ = try format.files(of: lossy)
            }
            _ = try format.files(of: lossy, allowing: Set(AnnotationFeature.allCases))
        }
        try readDamaged(files)
    }

    private func readDamaged(_ files: [AnnotationFile]) throws {
        var mutator = ByteMutator(
            seed: 1, tokens: ["\"", "<", "&", "[", "{", "-1", "1e999", "9223372036854775808", "\n"])
        for i in 0..<ByteMutator.count {
            var damaged = files
            damaged[i % files.count].bytes = mutator.mutated(files[i % files.count].bytes)
            do { _ = try format.set(from: damaged, allowing: Set(AnnotationFeature.allCases)) } catch is MLOpsError {
            } catch {
                throw ExamFailure("a damaged file is read, or refused with an MLOpsError; it threw \(error)")
            }
        }
    }
}
