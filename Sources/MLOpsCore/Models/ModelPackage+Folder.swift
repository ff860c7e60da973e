public import Foundation

extension ModelPackage {
    /// Writes the package as a folder: its files, then `package.json`, so that a folder with a manifest is whole.
    public func write(to folder: URL) throws {
        try DurableFile.makeFolder(folder)
        for file in files {
            let url = folder.appendingPathComponent(file.path)
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            try DurableFile.write(file.bytes, to: url)
        }
        try DurableFile.write(
            CanonicalJSON.encodePretty(manifest), to: folder.appendingPathComponent(Self.manifestPath))
    }

    /// Reads a package from a folder and verifies every file.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the manifest or a file is missing, `digestMismatch` when a file
    ///   is not the one that the manifest names, `newerSchema` when a newer release wrote it.
    public init(contentsOf folder: URL) throws {
        let url = folder.appendingPathComponent(Self.manifestPath)
        guard let bytes = FileManager.default.contents(atPath: url.path) else {
            throw MLOpsError(
                .notFound, "There is no package in \(folder.path).",
                help: "Give a folder that holds a \(Self.manifestPath).")
        }
        let manifest = try Self.readManifest(bytes, from: url.path)
        try self.init(manifest: manifest) { path, entry in
            guard let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path) else {
                throw MLOpsError(
                    .notFound, "The package in \(folder.path) lacks its file '\(path)'.", help: "Copy the whole folder."
                )
            }
            return bytes
        }
    }

    /// Stores the files and the manifest in a store; the manifest lies under the package's ``digest``.
    public func store(in store: some ArtifactStore) async throws {
        for file in files { try await store.store(file.bytes) }
        try await store.store(CanonicalJSON.encode(manifest))
    }

    /// Loads a package from a store by its digest and verifies every file.
    public init(_ digest: Digest, from store: some ArtifactStore) async throws {
        let manifest = try Self.readManifest(await store.load(digest), from: "\(digest)")
        var contents: [String: Data] = [:]
        for (path, entry) in manifest.files { contents[path] = try await store.load(entry.digest) }
        try self.init(manifest: manifest) { path, _ in contents[path] ?? Data() }
    }

    private static func readManifest(_ bytes: Data, from source: String) throws -> Manifest {
        try CanonicalJSON.decode(Manifest.self, schemaVersion: 1, from: bytes, source: source)
    }

    private init(manifest: Manifest, content: (String, FileEntry) throws -> Data) throws {
        var files: [ModelFile] = []
        for (path, entry) in manifest.files.sorted(by: { $0.key < $1.key }) {
            let file = try ModelFile(path: path, bytes: content(path, entry))
            let found = Digest(of: file.bytes)
            guard found == entry.digest else {
                throw MLOpsError(
                    .digestMismatch, "The file '\(path)' has the digest \(found); the manifest says \(entry.digest).",
                    help: "The file was damaged or changed; take the package from the registry again.")
            }
            files.append(file)
        }
        try self.init(manifest: manifest, files: files)
    }
}
