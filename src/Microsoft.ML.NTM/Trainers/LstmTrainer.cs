using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM;

/// <summary>Trains a stacked LSTM without an external memory: the baseline of the NTM's and the DNC's papers.</summary>
/// <remarks>
/// <para>Made by <see cref="SequenceCatalog.SequenceTrainers.Lstm(string, string, string, int, int, double, int)"/>. Columns and task are
/// those of <see cref="NtmTrainer"/>.</para>
/// </remarks>
public sealed class LstmTrainer : SequenceTrainerBase<LstmTrainer.Options>
{
    internal LstmTrainer(IHostEnvironment environment, Options options)
        : base(environment, nameof(LstmTrainer), options)
    {
    }

    /// <summary>Everything an LSTM's training can be told.</summary>
    public sealed class Options : ControllerTrainerOptions
    {
        internal override NetworkSpec ToNetwork(int inputSize, int outputSize) => new()
        {
            Kind = NetworkKind.Lstm,
            InputSize = inputSize,
            OutputSize = outputSize,
            ControllerSize = ControllerSize,
            ControllerLayers = ControllerLayers,
            ControllerClip = ControllerClip,
        };
    }
}
