internal import MLOpsCore
internal import Synchronization

/// The models of a server, by name, and whether it is ready; read by every request.
final class ModelTable: Sendable {
    private struct State {
        var models: [String: ServedModel] = [:]
        var isReady = false
    }

    private let state = Mutex(State())

    var isReady: Bool {
        get { state.withLock(\.isReady) }
        set { state.withLock { $0.isReady = newValue } }
    }

    var names: [String] { state.withLock { $0.models.keys.sorted() } }

    func set(_ model: ServedModel) { state.withLock { $0.models[model.name] = model } }

    func remove(_ name: String) { state.withLock { $0.models[name] = nil } }

    /// The model of a name and, when given, a version; throws `notFound`.
    func model(_ name: String, version: String? = nil) throws -> ServedModel {
        guard let model = state.withLock({ $0.models[name] }) else {
            throw MLOpsError(.notFound, "There is no model '\(name)' here.", help: "The models are \(names).")
        }
        guard version == nil || version == model.version else {
            throw MLOpsError(
                .notFound, "The model '\(name)' has no version '\(version ?? "")' here.",
                help: "Ask for the version '\(model.version)', or for none.")
        }
        return model
    }
}
