internal import NIOCore
internal import NIOHTTP1

/// Closes a connection whose server answers with a status below 100, which there is not.
///
/// The client passes over the head of such an answer, and ends the process at what comes behind it.
final class StatusCheck: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.status.code < 100 {
            isBroken = true
            context.close(promise: nil)
        }
        if !isBroken { context.fireChannelRead(data) }
    }

    /// Puts a check behind what reads the answers of a connection.
    @Sendable static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusCheck(), position: .after(decoder))
        }
    }
}
