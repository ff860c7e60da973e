// swift-tools-version: 6.3
import PackageDescription

// Every target is checked alike. Warnings become errors in CI only, so that a newer compiler's warnings stop nobody.
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    ] + (Context.environment["MLOPS_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])  // SE-0480

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A room of the house: `Sources/<name>`, and `Tests/<name>Tests` beside it, which may enter other rooms too.
func room(
    _ name: String, _ dependencies: [Target.Dependency], testing others: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: name + "Tests",
            dependencies: dependencies + others + [.byName(name: name), "MLOpsTestKit"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict),
    ]
}

let package = Package(
    name: "swift-mlops",
    platforms: [.macOS(.v15)],
    products: [
        "MLOpsCore", "MLOpsTensor", "MLOpsData", "MLOpsTrain", "MLOpsCNN", "MLOpsONNX", "MLOpsRegistry", "MLOpsDeploy",
        "MLOpsServing", "MLOpsMonitor", "MLOpsPipeline", "MLOpsConnectors", "MLOpsTestKit", "MLOps",
    ].map { .library(name: $0, targets: [$0]) } + [.executable(name: "PetPark", targets: ["PetPark"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // The hall: the words every room uses.
        room("MLOpsCore", [crypto, logging]),
        // Build.
        [
            .target(name: "CTensorDispatch"),
            .systemLibrary(
                name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
            .systemLibrary(
                name: "CLibJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
            .target(name: "CImageCodecs", dependencies: ["CLibJPEG", "CLibPNG"]),
        ],
        room("MLOpsTensor", ["CTensorDispatch", "MLOpsCore"]),
        room("MLOpsData", ["MLOpsCore", "CImageCodecs", grdb]),
        room("MLOpsTrain", ["MLOpsCore", "MLOpsData"]),
        room("MLOpsCNN", ["MLOpsCore", "MLOpsTensor", "MLOpsData", "MLOpsTrain"]),
        room(
            "MLOpsONNX", ["MLOpsCore", "MLOpsTensor", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            testing: ["MLOpsCNN", "MLOpsData"]),
        // Deploy.
        room("MLOpsRegistry", ["MLOpsCore", crypto, grdb]),
        room("MLOpsDeploy", ["MLOpsCore"]),
        room(
            "MLOpsServing",
            [
                "MLOpsCore", "MLOpsDeploy", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        // Monitor and govern.
        room("MLOpsMonitor", ["MLOpsCore"]),
        room("MLOpsPipeline", ["MLOpsCore"]),
        room(
            "MLOpsConnectors",
            [
                "MLOpsCore", "MLOpsData", "MLOpsMonitor",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        // For conformers, for applications.
        [
            .target(
                name: "MLOpsTestKit",
                dependencies: ["MLOpsCore", "MLOpsData", "MLOpsTrain", "MLOpsDeploy", "MLOpsMonitor"],
                swiftSettings: strict),
            .target(
                name: "MLOps",
                dependencies: [
                    "MLOpsCore", "MLOpsData", "MLOpsTrain", "MLOpsRegistry", "MLOpsDeploy", "MLOpsMonitor",
                    "MLOpsPipeline",
                ],
                swiftSettings: strict),
            .executableTarget(
                name: "PetPark",
                dependencies: [
                    "MLOps", "MLOpsCNN", "MLOpsONNX", "MLOpsServing", "MLOpsConnectors", logging,
                    .product(name: "Hummingbird", package: "hummingbird"),
                    .product(name: "NIOCore", package: "swift-nio"),
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                path: "Examples/PetPark", swiftSettings: strict),
            .executableTarget(
                name: "FashionMNIST",
                dependencies: [
                    "MLOpsCore", "MLOpsTensor", "MLOpsData", "MLOpsTrain", "MLOpsCNN",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                path: "Examples/FashionMNIST", exclude: ["fetch"], swiftSettings: strict),
            .executableTarget(
                name: "Contender", dependencies: ["MLOpsCore", "MLOpsTensor", "MLOpsData", "MLOpsTrain", "MLOpsCNN"],
                path: "Benchmarks",
                exclude: ["README.md", "compare.py", "compare_onnx.py", "peers", "ONNX"], swiftSettings: strict),
            .executableTarget(
                name: "ONNXContender", dependencies: ["MLOpsCore", "MLOpsTensor", "MLOpsONNX"],
                path: "Benchmarks/ONNX", swiftSettings: strict),
        ],
    ].flatMap { $0 },
    swiftLanguageModes: [.v6]
)
