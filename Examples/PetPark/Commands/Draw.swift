import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Draw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw park pictures into a folder, one sub-folder per class, with the labels in labels.csv.")

    @Option(help: "The folder to draw into.")
    var to: String

    @Option(help: "How many pictures.")
    var pictures = 1_000

    @Option(help: "Where all chance comes from.")
    var seed: UInt64 = 2026

    func validate() throws {
        if pictures < 1 { throw ValidationError("--pictures takes at least 1, not \(pictures)") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: to, isDirectory: true)
        let source = PaintedSource(numbers: 0..<pictures, seed: seed)
        for pet in ParkScene.Pet.allCases { try DurableFile.makeFolder(folder.appendingPathComponent(pet.rawValue)) }
        let progress = TerminalProgress()
        var lines = ["path,label,camera,group"]
        for number in source.numbers {
            let record = try source.record(number)
            let path = record.id.replacing("park/", with: "")
            try DurableFile.write(record.bytes, to: folder.appendingPathComponent(path), flush: false)
            let attributes = record.attributes
            lines.append("\(path),\(record.label ?? ""),\(attributes["camera"] ?? ""),\(attributes["group"] ?? "")")
            progress.report(ProgressUpdate("draw", completed: number + 1, total: pictures))
        }
        try DurableFile.write(
            Data((lines.joined(separator: "\n") + "\n").utf8), to: folder.appendingPathComponent("labels.csv"))
        print("\(pictures) synthetic pictures in \(folder.path)")
    }
}
