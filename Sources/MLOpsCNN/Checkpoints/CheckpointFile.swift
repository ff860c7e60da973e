package import Foundation
internal import MLOpsCore

extension Checkpoint {
    /// Writes the checkpoint in place of an older one, which is kept beside it when `kept` is 2 or more: `a.safetensors`
    /// becomes `a.1.safetensors`, and that `a.2.safetensors`.
    ///
    /// A kill at any instant leaves a whole checkpoint in `file`.
    package func write(to file: URL, keeping kept: Int) throws {
        let files = FileManager.default
        func older(_ age: Int) -> URL {
            guard age > 0 else { return file }
            let name = file.deletingPathExtension().lastPathComponent + ".\(age)"
            let extended = file.pathExtension.isEmpty ? name : "\(name).\(file.pathExtension)"
            return file.deletingLastPathComponent().appendingPathComponent(extended)
        }
        do {
            for age in stride(from: kept - 1, to: 0, by: -1) where files.fileExists(atPath: older(age - 1).path) {
                if files.fileExists(atPath: older(age).path) { try files.removeItem(at: older(age)) }
                // The newest stays in its place until the next has taken it.
                if age > 1 {
                    try files.moveItem(at: older(age - 1), to: older(age))
                } else {
                    try files.linkItem(at: file, to: older(1))
                }
            }
        } catch {
            throw MLOpsError(
                .storage, "Can't keep the older checkpoints of \(file.path).",
                help: "Let the folder be writable, on a disk that knows hard links, or set checkpointsKept to 1.",
                cause: error)
        }
        try write(to: file)
    }
}
