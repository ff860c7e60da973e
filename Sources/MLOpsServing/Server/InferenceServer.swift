public import Foundation
internal import Hummingbird
internal import HummingbirdCore
public import Logging
public import MLOpsCore
internal import NIOCore

/// Answers predictions over HTTP by the Open Inference Protocol v2, with the binary-tensor extension.
///
/// It is live once it listens, and ready once the golden vectors of every model match. ``run(onReady:)`` serves until
/// ``stop(drainingFor:)``; requests under way then finish.
public actor InferenceServer {
    /// Where to listen, and the limits.
    public struct Configuration: Sendable {
        /// The address to listen on; other computers reach the server only if it is not `127.0.0.1`.
        public var host: String
        /// The port to listen on; 0 takes any free one.
        public var port: Int
        /// The greatest request body, in bytes; more is answered with 413.
        public var maximumBodyBytes = 64 << 20
        /// The greatest number of rows in a request; more is answered with 413.
        public var maximumBatch = 256
        /// The greatest number of connections served at once; more wait.
        public var maximumConnections = 256
        /// The greatest number of answered requests that wait to be captured; more are counted and not captured.
        public var captureCapacity = 1024
        /// The greatest size of the inputs that wait to be captured, in bytes.
        public var captureBytes = 256 << 20

        /// Makes a configuration; the limits have defaults and can be set.
        public init(host: String = "127.0.0.1", port: Int = 8080) {
            self.host = host
            self.port = port
        }
    }

    /// The version that the server tells its clients.
    public static let version = "0.1.0"

    nonisolated let configuration: Configuration
    nonisolated let table = ModelTable()
    nonisolated let metrics = ServerMetrics()
    nonisolated let capture: PredictionCapture?
    nonisolated let wallClock: WallClock
    nonisolated let clock: any Clock<Duration>
    nonisolated let makeID: @Sendable () -> String
    nonisolated let logger: Logger
    private let models: [ServedModel]
    private var server: Server<HTTP1Channel>?

    /// Makes a server; it does not listen yet.
    ///
    /// - Parameters:
    ///   - predictionLog: where each answered row is kept; `nil` to capture nothing.
    ///   - wallClock: the time of captured predictions.
    ///   - clock: measures how long a model takes.
    ///   - makeID: makes the id of a request that comes without one; unique.
    public init(
        serving models: [ServedModel], configuration: Configuration = Configuration(),
        predictionLog: (any PredictionLog)? = nil, wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock(), makeID: @escaping @Sendable () -> String = { UUID().uuidString },
        logger: Logger = Logger(label: "mlops.serving")
    ) {
        self.models = models
        self.configuration = configuration
        self.wallClock = wallClock
        self.clock = clock
        self.makeID = makeID
        self.logger = logger
        capture = predictionLog.map {
            PredictionCapture(
                to: $0, capacity: configuration.captureCapacity, maximumBytes: configuration.captureBytes, logger: logger)
        }
    }

    /// Listens, verifies every model, and answers until ``stop(drainingFor:)`` or until the task is cancelled.
    ///
    /// - Parameter onReady: called with the server's URL once it is ready.
    /// - Throws: ``MLOpsError`` with `unavailable` when the port is in use or the server has run before,
    ///   `digestMismatch` when a golden vector fails, `invalidArgument` when two models have one name; and what
    ///   `onReady` throws.
    public func run(onReady: @escaping @Sendable (URL) async throws -> Void = { _ in }) async throws {
        guard server == nil else {
            throw MLOpsError(.unavailable, "This server has run before.", help: "Make a new one.")
        }
        let (bound, binding) = AsyncStream.makeStream(of: Int.self)
        let server = makeServer { port in binding.yield(port) }
        self.server = server
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { binding.finish() }
                do { try await server.run() } catch { throw self.explain(error) }
                throw CancellationError()
            }
            group.addTask { await self.capture?.drain() }
            group.addTask {
                for await port in bound {
                    try await self.load(self.models)
                    self.table.isReady = true
                    try await onReady(Self.url(self.configuration.host, port))
                }
            }
            var failure: (any Error)?
            while let result = await group.nextResult() {
                guard case .failure(let error) = result else { continue }
                if failure == nil { failure = error }
                table.isReady = false
                try await server.shutdownGracefully()
                capture?.finish()
            }
            if let failure, !(failure is CancellationError) { throw failure }
        }
    }

    /// Stops: readiness ends at once, requests are still taken while draining, and those under way finish.
    ///
    /// - Parameter time: how long to keep taking requests, so that load balancers notice.
    public func stop(drainingFor time: Duration = .zero) async {
        table.isReady = false
        if time > .zero { try? await clock.sleep(for: time) }
        do { try await server?.shutdownGracefully() } catch { logger.error("stopping failed: \(error)") }
    }

    /// Verifies a model and serves it, in place of one of the same name; requests under way finish on the old one.
    ///
    /// - Throws: ``MLOpsError`` with `digestMismatch` when a golden vector fails; the old one then stays.
    public func load(_ model: ServedModel) async throws {
        try await model.verify()
        table.set(model)
    }

    /// Serves a model no more; a name that is not served is no error.
    public nonisolated func unload(_ name: String) { table.remove(name) }

    private func load(_ models: [ServedModel]) async throws {
        var names: Set<String> = []
        for model in models {
            guard names.insert(model.name).inserted, !model.name.isEmpty, !model.name.contains("/") else {
                throw MLOpsError(
                    .invalidArgument, "The name '\(model.name)' can't be served, or is given twice.",
                    help: "Give each model a name of its own, without '/'.")
            }
            try await load(model)
        }
    }

    private func makeServer(onBound: @escaping @Sendable (Int) -> Void) -> Server<HTTP1Channel> {
        let responder = router().buildResponder()
        let logger = logger
        let channel = HTTP1Channel(
            responder: { request, writer, channel in
                let context = BasicRequestContext(source: .init(channel: channel, logger: logger))
                let response: Response
                do { response = try await responder.respond(to: request, context: context) } catch {
                    response = .error(error)
                }
                try await writer.write(response: response.head, body: response.body)
            },
            // Longer than clients keep idle connections, so that none is closed just when it is used again.
            configuration: .init(idleTimeout: .seconds(90)))
        return Server(
            childChannelSetup: channel,
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maximumConnections)),
            onServerRunning: { onBound($0.localAddress?.port ?? 0) },
            eventLoopGroup: EventLoopGroupProvider.singleton.eventLoopGroup, logger: logger)
    }

    private nonisolated func explain(_ error: any Error) -> any Error {
        guard let error = error as? IOError else { return error }
        return MLOpsError(
            .unavailable, "Can't listen on \(configuration.host):\(configuration.port).",
            help: "Stop what uses the port, or choose another one; port 0 takes any free one.", cause: error)
    }

    private static func url(_ host: String, _ port: Int) throws -> URL {
        let name = host.contains(":") ? "[\(host)]" : host
        guard let url = URL(string: "http://\(name):\(port)") else {
            throw MLOpsError(.invalidArgument, "'\(host)' is no host.", help: "Give a name or an address.")
        }
        return url
    }
}
