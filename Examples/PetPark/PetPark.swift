import ArgumentParser

/// The worked example: a camera in a park in Barcelona tells cats from dogs, governed from photograph to prediction.
@main
struct PetPark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "PetPark",
        abstract: "A cat/dog camera in a park in Barcelona, from photographs to a governed, monitored service.",
        discussion: """
            'demo' runs the whole loop once: ingest, train, test, register, deploy to a test environment, approve, \
            release, watch the camera, monitor, retrain on an alert, trace. Each step is a subcommand too. State lies in \
            one folder, .petpark.
            """,
        subcommands: [
            Demo.self, Ingest.self, Train.self, Test.self, Register.self, Deploy.self, Approve.self, Release.self,
            Watch.self, Monitor.self, Retrain.self, Trace.self, Draw.self, Serve.self, Accuracy.self, Inspect.self,
            LabelErrors.self,
        ])
}
