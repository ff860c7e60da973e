public import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A ``PredictionLog`` in one file of JSON lines, appended to and flushed; a torn last line is left out on opening, and
/// is cut off to go on after it.
///
/// A line is `{"prediction":{"_0":…}}` with a ``PredictionRecord``, or `{"label":{"_0":…}}` with a ``PredictionLabel``.
/// Reading holds all of the file's predictions in memory: keep one file a day. One log at a time has it open.
public actor FilePredictionLog: PredictionLog {
    enum Line: Codable {
        case prediction(PredictionRecord)
        case label(PredictionLabel)
    }

    private let handle: FileHandle
    private var table = PredictionTable()

    /// Opens a log, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage` when it can't be opened, `unavailable` when another log has it open,
    ///   `corruptData` when a whole line is no record.
    public init(at url: URL) throws {
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        let manager = FileManager.default
        if !manager.fileExists(atPath: url.path) { try DurableFile.write(Data(), to: url) }
        do { handle = try FileHandle(forUpdating: url) } catch {
            throw MLOpsError(
                .storage, "Can't open the prediction log \(url.path).",
                help: "Check that you may read and write it.", cause: error)
        }
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard Self.lock(handle.fileDescriptor) else {
            throw MLOpsError(
                .unavailable, "The prediction log \(url.path) is open elsewhere.",
                help: "Stop the server that writes it, or give each its own log.")
        }
        let (read, whole, isEnded) = try Self.read(handle, at: url)
        table = read
        try handle.truncate(atOffset: UInt64(whole))
        try handle.seekToEnd()
        if !isEnded { try handle.write(contentsOf: [UInt8(ascii: "\n")]) }
    }

    /// Opens a log to read what is in it by now, whoever writes it; the file is left as it is, and appending throws.
    ///
    /// - Throws: ``MLOpsError`` with `storage` when it can't be read, `corruptData` when it is no log.
    public init(reading url: URL) throws {
        do { handle = try FileHandle(forReadingFrom: url) } catch {
            throw MLOpsError(
                .storage, "Can't read the prediction log \(url.path).", help: "Check that it is a file you may read.",
                cause: error)
        }
        table = try Self.read(handle, at: url).table
    }

    /// What is in a file, how many bytes of it are whole records, and whether the last of these has its end of line.
    private static func read(
        _ handle: FileHandle, at url: URL
    ) throws -> (table: PredictionTable, whole: Int, isEnded: Bool) {
        let bytes: Data
        do { bytes = try handle.readToEnd() ?? Data() } catch {
            throw MLOpsError(
                .storage, "Can't read the prediction log \(url.path).", help: "Check that it is a file you may read.",
                cause: error)
        }
        var (table, number, start) = (PredictionTable(), 1, bytes.startIndex)
        func take(_ range: Range<Data.Index>) throws {
            let source = "line \(number) of the prediction log \(url.path)"
            switch try CanonicalJSON.decode(Line.self, from: Data(bytes[range]), source: source) {
            case .prediction(let prediction): table.insert(prediction)
            case .label(let label): table.insert(label)
            }
        }
        while let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try take(start..<newline)
            (start, number) = (bytes.index(after: newline), number + 1)
        }
        guard start < bytes.endIndex else { return (table, bytes.count, true) }
        do { try take(start..<bytes.endIndex) } catch {
            // What a kill can have left of a line is left out; anything else is another's file.
            let beginnings = [#"{"prediction":{"#, #"{"label":{"#]
            let tail = bytes[start...]
            guard beginnings.contains(where: { zip(tail, $0.utf8).allSatisfy(==) }) else { throw error }
            return (table, start - bytes.startIndex, true)
        }
        return (table, bytes.count, false)
    }

    // Closing alone would leave the lock to a child that was forked meanwhile, until it starts its program.
    deinit { flock(handle.fileDescriptor, LOCK_UN) }

    /// Takes the lock, which ends with the log or its process, however that ends, and leaves no file behind.
    ///
    /// It waits up to a fifth of a second for a log that is being let go of on another thread.
    private static func lock(_ descriptor: Int32) -> Bool {
        for attempt in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if attempt < 19 { usleep(10_000) }
        }
        return false
    }

    /// Keeps predictions.
    public func append(_ predictions: [PredictionRecord]) throws {
        try write(predictions.map(Line.prediction))
        predictions.forEach { table.insert($0) }
    }

    /// Keeps labels.
    public func append(labels: [PredictionLabel]) throws {
        try write(labels.map(Line.label))
        labels.forEach { table.insert($0) }
    }

    /// The predictions with `start` ≤ `at` < `end`.
    public func predictions(from start: Date, to end: Date) -> [LabeledPrediction] {
        table.predictions(from: start, to: end)
    }

    private func write(_ lines: [Line]) throws {
        var bytes = Data()
        for line in lines {
            bytes.append(try CanonicalJSON.encode(line))
            bytes.append(UInt8(ascii: "\n"))
        }
        let end = try? handle.offset()
        do {
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
        } catch {
            // Takes half-written lines back, so that the next ones do not continue them.
            if let end { try? handle.truncate(atOffset: end) }
            throw MLOpsError(
                .storage, "Can't append to the prediction log.", help: "Free some space on that disk.", cause: error)
        }
    }
}
