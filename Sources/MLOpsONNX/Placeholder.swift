// ONNX
import SwiftProtobuf
