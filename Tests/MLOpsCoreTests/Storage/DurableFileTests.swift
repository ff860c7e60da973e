import Foundation
import MLOpsCore
import Testing

@Suite("DurableFile")
struct DurableFileTests {
    @Test("a file is replaced as a whole, and nothing else is left in the folder", arguments: [true, false])
    func replaces(_ flush: Bool) async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("file.bin")
            let contents = [Data(), Data([1]), Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })]
            for bytes in contents + contents.reversed() {
                try DurableFile.write(bytes, to: url, flush: flush)
                #expect(try Data(contentsOf: url) == bytes)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file.bin"])
        }
    }

    @Test("a write that fails throws storage and leaves the old file and no other")
    func keepsTheOld() async throws {
        try await withScratchFolder { folder in
            await expectError(.storage) {
                try DurableFile.write(Data([1]), to: folder.appendingPathComponent("no/such/file"))
            }
            let occupied = folder.appendingPathComponent("occupied")
            try DurableFile.write(Data([1]), to: occupied)
            await expectError(.storage) { try DurableFile.makeFolder(occupied) }
            await expectError(.storage) { try DurableFile.write(Data([2]), to: occupied.appendingPathComponent("x")) }
            #expect(try Data(contentsOf: occupied) == Data([1]))

            let directory = folder.appendingPathComponent("directory")
            try DurableFile.makeFolder(directory.appendingPathComponent("inner"))
            await expectError(.storage) { try DurableFile.write(Data([3]), to: directory) }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ["directory", "occupied"])
        }
    }

    @Test("writers at the same time leave one of their contents whole")
    func survivesRaces() async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("file")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 as Range<UInt8> {
                    group.addTask {
                        try DurableFile.write(Data(repeating: writer, count: 100_000), to: url, flush: false)
                    }
                }
                try await group.waitForAll()
            }
            let bytes = try Data(contentsOf: url)
            #expect(bytes.count == 100_000 && Set(bytes).count == 1)
        }
    }
}
