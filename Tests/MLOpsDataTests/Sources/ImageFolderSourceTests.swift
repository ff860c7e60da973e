import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes texts to files below a folder.
func write(_ files: [String: String], below root: URL) throws {
    for (path, text) in files {
        let url = root.appending(path: path)
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        try Data(text.utf8).write(to: url)
    }
}

private final class Flag: Sendable {
    let hasBegun = Atomic(false)
    let isSet = Atomic(false)
    let hasEnded = Atomic(false)
}

@Suite("Sources in folders") struct ImageFolderSourceTests {
    @Test("A folder gives its files by path, with their class, and passes the exam") func folder() async throws {
        try await withTemporaryFolder { root in
            try write(
                [
                    "dog/2.jpg": "d2", "dog/10.jpg": "d10", "cat/é.jpg": "c", "cat/deep/a.jpg": "ca",
                    "cat/.hidden": "h", ".git/config": "g", "README": "r", "cat/Z.jpg": "",
                ], below: root)
            let source = ImageFolderSource(at: root)
            let records = try await read(source)
            #expect(records.map(\.id) == ["cat/Z.jpg", "cat/deep/a.jpg", "cat/é.jpg", "dog/10.jpg", "dog/2.jpg"])
            #expect(records.map(\.label) == ["cat", "cat", "cat", "dog", "dog"])
            #expect(records.map { String(decoding: $0.bytes, as: UTF8.self) } == ["", "ca", "c", "d10", "d2"])
            try await DataSourceExam(of: source, missing: ImageFolderSource(at: root.appending(path: "none"))).run()
            #expect(
                try await read(ImageFolderSource(at: root, maxBytes: 2)).map { $0.readFailure != nil }
                    == [false, false, false, true, false])
        }
    }

    @Test("An empty folder, and one without class folders, say so") func emptyFolder() async throws {
        try await withTemporaryFolder { root in
            #expect(await errorCode(ImageFolderSource(at: root)) == .insufficientData)
            try write(["a.jpg": "x"], below: root)
            #expect(await errorCode(ImageFolderSource(at: root)) == .insufficientData)
        }
    }

    @Test("A link is read inside the folder, and refused where it leaves it, leads to a folder or to nothing")
    func links() async throws {
        try await withTemporaryFolder { root in
            let photos = root.appending(path: "photos")
            try write(["photos/cat/1.jpg": "one", "photos-secret/key": "secret", "secret": "s"], below: root)
            let links = [
                "cat/2-inside.jpg": "1.jpg", "cat/3-outside.jpg": "../../secret", "cat/4-nowhere.jpg": "none",
                "cat/5-folder": "../../photos-secret", "cat/6-beside.jpg": "../../photos-secret/key",
                "cat/7-system.jpg": "/etc/passwd", "dog": "../photos-secret", "cat/8-loop": "..",
            ]
            for (link, target) in links {
                try FileManager.default.createSymbolicLink(
                    atPath: photos.appending(path: link).path, withDestinationPath: target)
            }
            let records = try await read(ImageFolderSource(at: photos))
            #expect(records.map(\.id) == ["cat/1.jpg"] + links.keys.sorted())
            #expect(records[1].bytes == Data("one".utf8) && records[1].readFailure == nil)
            for i in [2, 5, 6] { #expect(isRefused(records[i], "leaves"), "\(records[i])") }
            #expect(isRefused(records[3], "nowhere"))
            for i in [4, 7, 8] { #expect(isRefused(records[i], "not followed"), "\(records[i])") }
            try await DataSourceExam(of: ImageFolderSource(at: photos)).run()
            // The root itself may be a link.
            let alias = root.appending(path: "alias")
            try FileManager.default.createSymbolicLink(at: alias, withDestinationURL: photos)
            #expect(try await read(ImageFolderSource(at: alias)).map(\.bytes) == records.map(\.bytes))
        }
    }

    @Test("Names that other systems can't tell apart or show are refused, the first of two is kept")
    func names() async throws {
        try await withTemporaryFolder { root in
            try write(["cat/a.jpg": "1", "cat/A.jpg": "2", "cat/e\u{301}": "3", "cat/two\nlines": "5"], below: root)
            try write(["cat/\u{E9}": "4"], below: root)
            // On a file system that tells no case apart, there is one file of each pair.
            let files = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "cat").path)
            guard files.count == 5 else { return }
            #if canImport(Glibc)
                let descriptor = open(root.path + "/cat/broken\u{7E}", O_CREAT | O_WRONLY, 0o600)
                close(descriptor)
                var name = Array((root.path + "/cat/broken").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
                #expect(rename(root.path + "/cat/broken\u{7E}", &name) == 0)
                #expect(mkfifo(root.path + "/cat/pipe", 0o600) == 0)
            #endif
            let records = try await read(ImageFolderSource(at: root))
            func record(_ text: String) -> RawRecord? { records.first { $0.id.utf8.elementsEqual(text.utf8) } }
            #expect(record("cat/A.jpg")?.bytes == Data("2".utf8) && isRefused(record("cat/a.jpg"), "only in case"))
            #expect(record("cat/e\u{301}")?.bytes == Data("3".utf8))
            #expect(isRefused(record("cat/\u{E9}"), "only in case or composition"))
            #expect(isRefused(record("cat/two\nlines"), "U+000A"))
            #if canImport(Glibc)
                #expect(isRefused(record("cat/broken%FF"), "no UTF-8"))
                #expect(isRefused(record("cat/pipe"), "no regular file"))
                #expect(records.count == 7)
            #endif
        }
    }

    @Test(
        "A file or folder without the right to read it is refused, and the others are read",
        .enabled(if: geteuid() != 0))
    func unreadable() async throws {
        try await withTemporaryFolder { root in
            try write(["cat/1": "1", "cat/2": "2", "dog/3": "3"], below: root)
            chmod(root.path + "/cat/1", 0)
            chmod(root.path + "/dog", 0)
            defer { chmod(root.path + "/dog", 0o700) }
            let records = try await read(ImageFolderSource(at: root))
            #expect(records.map(\.id) == ["cat/1", "cat/2", "dog"])
            #expect(isRefused(records[0], "opened") && isRefused(records[2], "listed"))
        }
    }

    @Test("A file that is written while it is read is refused, and never read half old, half new")
    func changing() async throws {
        try await withTemporaryFolder { root in
            try write(["cat/1": "1", "cat/2": "2"], below: root)
            let path = root.path + "/cat/1"
            #expect(truncate(path, 48 << 20) == 0)
            let flag = Flag()
            // A thread of its own writes whatever else the pool of tasks is busy with.
            Thread.detachNewThread {
                let descriptor = open(path, O_WRONLY)
                defer { close(descriptor) }
                var value: UInt8 = 0
                while !flag.isSet.load(ordering: .relaxed) {
                    value &+= 1
                    pwrite(descriptor, &value, 1, off_t(value))
                    flag.hasBegun.store(true, ordering: .relaxed)
                }
                flag.hasEnded.store(true, ordering: .relaxed)
            }
            while !flag.hasBegun.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(1)) }
            let records = try await read(ImageFolderSource(at: root))
            flag.isSet.store(true, ordering: .relaxed)
            #expect(isRefused(records[0], "changed") && records[1].bytes == Data("2".utf8))
            while !flag.hasEnded.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await read(ImageFolderSource(at: root))[0].bytes.count == 48 << 20)
        }
    }

    @Test("Records in = accepted + rejected, whatever is in the folder") func accounts() async throws {
        try await withTemporaryFolder { root in
            var files: [String: String] = [:]
            for i in 0..<50 { files["photos/\(i % 2 == 0 ? "cat" : "dog")/\(i)"] = i % 5 == 0 ? "same" : "\(i)" }
            files["photos/cat/a"] = "upper"
            files["photos/cat/A"] = "lower"
            try write(files, below: root)
            try FileManager.default.createSymbolicLink(
                atPath: root.path + "/photos/cat/link", withDestinationPath: "/etc/passwd")
            let source = ImageFolderSource(at: root.appending(path: "photos"))
            let ids = try source.ids()
            let store = try DatasetStore(at: root.appending(path: "store"))
            let report = try await Ingestion("all", checks: [.labeled]).run(from: source, into: store)
            #expect(report.accepted + report.rejected == ids.count && report.rejected >= 10)
            #expect(report.version.rejected.values.reduce(0, +) == report.rejected)
        }
    }
}
