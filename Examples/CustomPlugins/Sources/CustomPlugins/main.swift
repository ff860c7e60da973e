import MLOpsCore
import MLOpsData
import MLOpsTestKit

// Each conformer sits the exam of its protocol; a promise that is not kept is thrown, in words.
try await DataSourceExam(of: GateSensor(hours: 24)).run()
print("GateSensor is a DataSource")

let readings = (0..<24).map { GateReading(count: Double($0 * 37 % 100), isBusy: $0 * 37 % 100 >= 60) }
try await TrainerExam(
    ThresholdTrainer(), training: InMemoryDataset(readings), validation: InMemoryDataset(Array(readings.prefix(4))),
    digest: { try Digest(ofJSON: $0) }
).run()
print("ThresholdTrainer is a Trainer")

try await ModelSerializerExam(
    ThresholdSerializer(), models: [Threshold(count: 1), Threshold(count: 60)], predictsTheSame: { $0 == $1 }
).run()
print("ThresholdSerializer is a ModelSerializer")

func package(_ count: Double, says busy: Float) throws -> ModelPackage {
    let golden = ModelPackage.GoldenVector(
        inputs: ["count": try TensorValue(shape: [1], floats: [50])],
        outputs: ["busy": try TensorValue(shape: [1], floats: [busy])])
    let signature = GateEndpoint(Threshold(count: count)).signature
    return try ModelPackage(
        manifest: .init(
            name: "gate", format: ThresholdSerializer().format, signature: signature, labels: [],
            goldenVectors: [golden]),
        files: ThresholdSerializer().serialize(Threshold(count: count)))
}
try await DeployTargetExam(
    GateTarget(), first: package(40, says: 1), second: package(60, says: 0), broken: package(70, says: 1)
).run()
print("GateTarget is a DeployTarget")

try await DriftDetectorExam(numeric: MeanShiftDetector()).run()
print("MeanShiftDetector is a DriftDetector")
