import ArgumentParser
import MLOpsConnectors
import MLOpsServing
import MLOpsONNX
import MLOpsCNN
@main struct PetPark: AsyncParsableCommand {}
