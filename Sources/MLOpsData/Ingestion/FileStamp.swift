#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the file system says of a file or folder; while it stays the same, so does the content.
///
/// The time of the last change of the inode (ctime) moves with every write, and no program can set it. It moves in
/// steps of the system's clock, though: a file written twice within one step keeps its stamp ("racy git"). So a stamp
/// counts only when both times lie further back than a step at the instant before the content was read; see
/// ``isSettled(before:)``. What is written through a shared memory map while it is read can escape notice.
struct FileStamp: Sendable, Hashable {
    var device: Int64
    var inode: Int64
    var size: Int64
    /// The last change of the content, in nanoseconds since 1970.
    var modified: Int64
    /// The last change of the inode, in nanoseconds since 1970.
    var changed: Int64

    /// The stamp of a regular file or a folder; `nil` for links and all else.
    init?(_ path: String, isFolder: Bool = false) {
        guard let stamp = path.withCString({ FileStamp(bytes: $0, isFolder: isFolder) }) else { return nil }
        self = stamp
    }

    /// The stamp under a path that ends with a zero.
    init?(bytes path: UnsafePointer<CChar>, isFolder: Bool = false) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == (isFolder ? S_IFDIR : S_IFREG) else { return nil }
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        self.init(
            device: Int64(truncatingIfNeeded: status.st_dev), inode: Int64(truncatingIfNeeded: status.st_ino),
            size: Int64(status.st_size), modified: Self.nanoseconds(modified), changed: Self.nanoseconds(changed))
    }

    init(device: Int64, inode: Int64, size: Int64, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Whether any change after an instant, in nanoseconds since 1970, shows in the stamp.
    ///
    /// File systems that tell no parts of a second get 3 seconds (FAT has steps of 2), the others 0.1: the clock of
    /// Linux file systems ticks at 100 Hz or faster.
    func isSettled(before instant: Int64) -> Bool {
        [modified, changed].allSatisfy { time in
            let step: Int64 = time % 1_000_000_000 == 0 ? 3_000_000_000 : 100_000_000
            return time < instant &- step
        }
    }

    /// The clock that file systems take their times from, in nanoseconds since 1970.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension ByteWriter {
    mutating func write(_ stamp: FileStamp) {
        for part in [stamp.device, stamp.inode, stamp.size, stamp.modified, stamp.changed] { write(fixed: part) }
    }
}

extension ByteReader {
    mutating func stamp() throws -> FileStamp {
        FileStamp(
            device: try fixed(), inode: try fixed(), size: try fixed(), modified: try fixed(), changed: try fixed())
    }
}
