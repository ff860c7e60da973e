/// One import for applications: the rooms without heavy dependencies.
@_exported import MLOpsCore
@_exported import MLOpsData
@_exported import MLOpsDeploy
@_exported import MLOpsMonitor
@_exported import MLOpsPipeline
@_exported import MLOpsRegistry
@_exported import MLOpsTrain
