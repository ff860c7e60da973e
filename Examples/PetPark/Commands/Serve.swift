import ArgumentParser
import Foundation
import MLOps
import MLOpsONNX
import MLOpsServing
import MLOpsTensor

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a package over HTTP by the Open Inference Protocol v2, until stopped.")

    @Option(help: "The folder of the package.")
    var package: String

    @Option(help: "The name of the model in the URL.")
    var name = Park.modelName

    @Option(help: "The port on 127.0.0.1; 0 takes any free one.")
    var port = 8080

    @Option(help: "A file to write the port into once the server is ready.")
    var portFile: String?

    @Option(help: "A file to keep every prediction in.")
    var predictions: String?

    @Option(help: "The id of the deployment, kept with each prediction.")
    var deployment: String?

    @Option(help: "How many seconds the park's clock is ahead of this computer's.")
    var clockAhead = 0.0

    @Option(help: "How many threads to use; all cores by default.")
    var threads: Int?

    func validate() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port takes 0 to 65535, not \(port)") }
    }

    func run() async throws {
        let package = try ModelPackage(contentsOf: URL(fileURLWithPath: package, isDirectory: true))
        let predictor = try await ONNXModelRuntime(compute: Compute(threads: threads)).predictor(for: package)
        let model = ServedModel(
            name, package: package, predictor: predictor, decoder: ImageInputDecoder(), deployment: deployment,
            features: Self.describe)
        let (ahead, portFile) = (clockAhead, portFile)
        let server = InferenceServer(
            serving: [model], configuration: .init(port: port),
            predictionLog: try predictions.map { try FilePredictionLog(at: URL(fileURLWithPath: $0)) },
            wallClock: WallClock { Date().addingTimeInterval(ahead) })
        try await server.runUntilStopped { url in
            guard let portFile else { return print("\(name) is ready at \(url)/v2/models/\(name)") }
            try DurableFile.write(
                Data("\(url.port ?? 0)\n".utf8), to: URL(fileURLWithPath: portFile), flush: false)
        }
    }

    /// The numbers that drift is watched on: brightness, contrast and the like of the picture as the model saw it.
    @Sendable static func describe(_ row: [String: TensorValue]) throws -> [String: Double] {
        guard let picture = row["image"], picture.shape.count == 4 else { return [:] }
        let image = try Image(width: picture.shape[2], height: picture.shape[1], pixels: picture.bytes)
        return ImageStatistics(of: image).features
    }
}
