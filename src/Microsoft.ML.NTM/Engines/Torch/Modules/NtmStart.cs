using Microsoft.ML.NTM.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>What an NTM starts from: its memory, its first reads, where its heads point, and the controller's part.</summary>
internal sealed class NtmStart : ControllerStart
{
    /// <summary>What a constant memory holds: small, so that every key is about as similar to every slot (arXiv:1807.08518).</summary>
    public const double ConstantMemory = 1e-6;

    private readonly NetworkSpec _spec;

    public NtmStart(NetworkSpec spec, ScalarType dtype, Device? device)
        : base(spec, dtype, device)
    {
        _spec = spec;
        if (spec.InitialMemory == InitialMemory.Learned)
            register_parameter("memory", new Parameter(zeros(spec.MemorySlots, spec.MemoryWidth, dtype, device)));
        if (spec.InitialMemory == InitialMemory.Random)
            register_buffer("memory", zeros(spec.MemorySlots, spec.MemoryWidth, dtype, device));
        register_parameter("reads", new Parameter(zeros(spec.NumberOfReadHeads, spec.MemoryWidth, dtype, device)));
        if (spec.InitialWeightings == InitialWeightings.Learned)
        {
            register_parameter("read_weights", new Parameter(zeros(spec.NumberOfReadHeads, spec.MemorySlots, dtype, device)));
            register_parameter("write_weights", new Parameter(zeros(spec.NumberOfWriteHeads, spec.MemorySlots, dtype, device)));
        }
    }

    public NtmState State(long rows)
    {
        Tensor reads = get_parameter("reads")!.tanh();
        return new NtmState
        {
            Memory = ForEachRow(Memory(reads), rows),
            Reads = ForEachRow(reads, rows),
            ReadWeightings = ForEachRow(Weightings("read_weights", _spec.NumberOfReadHeads, reads), rows),
            WriteWeightings = ForEachRow(Weightings("write_weights", _spec.NumberOfWriteHeads, reads), rows),
            Controller = Controller(rows, reads.dtype, reads.device),
        };
    }

    // (N, M)
    private Tensor Memory(Tensor like) => _spec.InitialMemory switch
    {
        InitialMemory.Learned => get_parameter("memory")!,
        InitialMemory.Random => get_buffer("memory")!,
        _ => full(_spec.MemorySlots, _spec.MemoryWidth, ConstantMemory, like.dtype, like.device),
    };

    // Distributions from learned logits, or zeros: (heads, N)
    private Tensor Weightings(string name, int heads, Tensor like) => _spec.InitialWeightings == InitialWeightings.Learned
        ? get_parameter(name)!.softmax(-1)
        : zeros(heads, _spec.MemorySlots, like.dtype, like.device);

    private static Tensor ForEachRow(Tensor start, long rows) => start.unsqueeze(0).expand(rows, -1, -1);
}
