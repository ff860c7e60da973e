import ArgumentParser
import Foundation
import MLOps

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the whole loop once, and write a report.",
        discussion: "It begins anew: what an earlier demo left in the state folder is removed.")

    @OptionGroup var options: ParkOptions
    @OptionGroup var pictures: PictureOptions

    @Option(help: "How many frames the camera sends in a day.")
    var frames = 500

    @Option(help: "An address that alerts are posted to, besides the one that the demo listens on itself.")
    var webhook: String?

    func validate() throws {
        if frames < 1 { throw ValidationError("--frames takes at least 1, not \(frames)") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: options.folder, isDirectory: true)
        try checkClasses()
        try removeOldState(folder)
        var park = try await options.open()
        try park.update {
            $0 = pictures.applied(to: $0)
            $0.isDemo = true
        }
        var story = DemoStory(settings: park.settings)

        heading("Ingest")
        story.ingest = try await show(park.ingest())
        heading("Train")
        story.train = try await show(park.train())
        heading("Test")
        story.test = try await show(park.test())
        heading("Register")
        try await show(park.register(by: "training pipeline"))
        heading("Release without approval must fail")
        story.refusal = try await refusal(park)
        say(story.refusal)
        heading("Test environment")
        story.deploy = try await show(park.deployToTest())
        heading("Quality assurance")
        try await show(park.approve(by: "Montserrat Puig", comment: "looked through the report", reject: false))
        heading("Release")
        try await show(park.release(by: "park operations"))

        heading("Day 1")
        story.days.append(try await day(1, nil, &park))
        heading("Day 2: a fault of the camera biases the model")
        let (fault, bias) = try await park.faultThatBiases()
        say("On a sample, \(fault.title) leans it to \(bias < 0 ? "cats" : "dogs") by \(percent(abs(bias))).")
        story.days.append(try await day(2, fault, &park))
        guard story.days[1].monitor.asksForRetraining else {
            throw failure("Day 2 did not ask for a retraining", "see the findings above")
        }

        heading("Retrain")
        story.retrain = try await show(park.retrain(day: 2))
        story.retest = try await show(park.test())
        try await show(park.register(by: "retraining pipeline"))
        story.redeploy = try await show(park.deployToTest())
        try await show(park.approve(by: "Montserrat Puig", comment: "the fault is learned", reject: false))
        try await show(park.release(by: "park operations"))
        heading("Day 3: the fault is still there")
        story.days.append(try await day(3, fault, &park))

        heading("Trace")
        story.trace = try await show(park.trace(nil))
        let page = try park.write(report: Data(story.page(park).html.utf8), named: "report.html")
        say("\nThe whole story, with plots: \(page.path)")
        guard story.days[2].monitor.bias.verdict == .pass else {
            throw failure("The retrained version is still biased", story.days[2].monitor.bias.message)
        }
    }

    /// A day at the camera, and what the evening's checks found; alerts go to a webhook on this computer as well.
    private func day(_ number: Int, _ fault: CameraFault?, _ park: inout Park) async throws -> DemoStory.Day {
        let watch = try await show(park.watch(day: number, frames: frames, fault: fault))
        let (watched, extra) = (park, webhook.flatMap(URL.init(string:)))
        let (summary, received) = try await WebhookReceiver.listening { url in
            try await watched.monitor(day: number, webhooks: [url] + [extra].compactMap { $0 })
        }
        try show(summary)
        if received > 0 { say("The webhook received \(received) alert\(received == 1 ? "" : "s").") }
        return DemoStory.Day(watch: watch, monitor: summary, webhookAlerts: received)
    }

    /// The message with which the gate refuses a version that nobody has approved.
    private func refusal(_ park: Park) async throws -> String {
        do {
            _ = try await park.release(by: "an impatient intern")
        } catch let error as MLOpsError where error.code == .gateRefused {
            return "\(error)"
        }
        throw failure("A version was released without approval", "the gate of 'production' must ask for one")
    }

    /// Requires photographs of cats and dogs, before anything is removed for them.
    private func checkClasses() throws {
        guard let photos = pictures.photos else { return }
        let folders = try FileManager.default.contentsOfDirectory(
            at: URL(fileURLWithPath: photos, isDirectory: true), includingPropertiesForKeys: [.isDirectoryKey],
            options: .skipsHiddenFiles)
        let labels = try folders.filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
        guard labels == Park.labels else {
            throw MLOpsError(
                .invalidArgument, "\(photos) has the sub-folders \(labels), and the demo is of \(Park.labels).",
                help: "Name them so; 'ingest', 'train', 'test' and 'accuracy' take any classes.")
        }
    }

    private func removeOldState(_ folder: URL) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        guard let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent("park.json").path),
            try CanonicalJSON.decode(ParkSettings.self, from: bytes, source: folder.path).isDemo == true
        else {
            throw MLOpsError(
                .alreadyExists, "\(folder.path) is there and is not what a demo left, so it is not removed.",
                help: "Give another folder with --state, or remove this one.")
        }
        // Only what a park makes: the folder may hold other things.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where Park.makes(name) { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
    }

    private func heading(_ text: String) {
        say(isatty(STDOUT_FILENO) == 1 ? "\n\u{1B}[1m\(text)\u{1B}[0m" : "\n\(text)")
    }

    /// Prints a line for a person; programs read results alone.
    private func say(_ text: String) {
        if !options.json { print(text) }
    }

    @discardableResult
    private func show<Summary: Encodable & CustomStringConvertible>(_ summary: Summary) throws -> Summary {
        try options.show(summary)
        return summary
    }

    private func failure(_ what: String, _ help: String) -> MLOpsError {
        MLOpsError(.external, "\(what).", help: help)
    }
}
