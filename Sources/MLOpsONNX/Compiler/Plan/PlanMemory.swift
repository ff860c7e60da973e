internal import MLOpsTensor

/// The memory that a plan runs in.
///
/// Used by one run at a time: whoever has taken the instance that owns it.
final class PlanMemory {
    /// Floats past the end that kernels may read: rows of a tile, and ``Tensor/slack``.
    private static let overrun = 4096

    /// What is not planned, by slot.
    var slots: [Value?]
    private let block: UnsafeMutablePointer<Float>
    private let buffers: [ExecutionPlan.Buffer]
    private let constants: [Int: Tensor]

    /// Takes the memory of a plan.
    init(_ plan: ExecutionPlan) throws {
        slots = [Value?](repeating: nil, count: plan.slotCount)
        buffers = plan.buffers
        block = .allocateAligned(plan.size + Self.overrun)
        block.initialize(repeating: 0, count: plan.size + Self.overrun)
        var constants: [Int: Tensor] = [:]
        for (index, buffer) in plan.buffers.enumerated() { constants[index] = try buffer.constant?.floats() }
        self.constants = constants
    }

    deinit { block.deallocate() }

    /// The first element of a place.
    func pointer(_ placement: Placement) -> UnsafeMutablePointer<Float> {
        (constants[placement.buffer]?.pointer ?? block + buffers[placement.buffer].offset) + placement.offset
    }

    /// The elements of a place that is filled without gaps, in the order they lie in, as a tensor of a shape with as many.
    func tensor(_ placement: Placement, as shape: [Int]) -> Tensor {
        Tensor(shape: shape, in: pointer(placement), of: constants[placement.buffer] ?? self)
    }

    /// 8-bit integers in the order in which kernels take a value of the place's shape; see ``ByteOrder``.
    func bytes(_ placement: Placement, isSigned: Bool) -> QuantizedTensor {
        let count = placement.count + QuantizedTensor.slack
        return QuantizedTensor(
            shape: ByteOrder.shape(placement.shape), isSigned: isSigned,
            in: UnsafeMutableRawPointer(pointer(placement)).bindMemory(to: UInt8.self, capacity: count), of: self)
    }

    /// The elements of a place with the channels last, as a tensor [N, H, W, C].
    func image(_ placement: Placement) -> Tensor {
        let s = placement.shape
        return tensor(placement, as: [s[0], s[2], s[3], s[1]])
    }

    /// The elements of a place as a value to run an operator on.
    func value(_ placement: Placement) -> Value {
        placement.lies(.rowMajor)
            ? Value(floats: tensor(placement, as: placement.shape)) : Value(image: image(placement))
    }
}
