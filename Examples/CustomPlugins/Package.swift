// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CustomPlugins",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-mlops", path: "../..")],
    targets: [
        .executableTarget(
            name: "CustomPlugins",
            dependencies: ["MLOpsCore", "MLOpsData", "MLOpsTrain", "MLOpsDeploy", "MLOpsMonitor", "MLOpsTestKit"].map {
                .product(name: $0, package: "swift-mlops")
            })
    ]
)
