using System.ComponentModel;
using Microsoft.ML.NTM;

/// <summary>What the command line says.</summary>
internal sealed class Settings
{
    [Description("Longest sequence trained on, in vectors.")]
    public int Length { get; set; } = 20;

    [Description("Bits of each vector.")]
    public int Width { get; set; } = 8;

    [Description("Slots of the memory.")]
    public int Slots { get; set; } = 128;

    [Description("Numbers in each slot.")]
    public int SlotWidth { get; set; } = 20;

    [Description("Seed of everything that is drawn.")]
    public int Seed { get; set; } = 1;

    [Description("What computes: this library's engine on the CPU, or TorchSharp.")]
    public SequenceBackend Backend { get; set; } = SequenceBackend.Auto;

    [Description("Updates of the weights, at most.")]
    public int Iterations { get; set; } = 20_000;

    [Description("Training ends once the loss of a hundred updates is at most this, in nats per sequence.")]
    public double TargetLoss { get; set; } = 0.01;

    [Description("Where the model and the picture go.")]
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), $"ntm-copy-{Environment.ProcessId}");
}
