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
        /// <summary>
        /// The defaults of all trainers, but a <see cref="SequenceTrainerOptions.DropoutRate"/> of 0.3, the best on people's own data.
        /// Where the data has no noise, as the papers' tasks have none, set it to 0.
        /// </summary>
        public Options() => DropoutRate = TrainingDefaults.LstmDropoutRate;

        /// <summary>
        /// Whether each layer reads the sequence a second time, from its last step to its first, with weights of its own; what both
        /// directions put out goes side by side to the next layer and to the output. Default false.
        /// </summary>
        /// <remarks>
        /// <para>With an answer to every step, each is made of what came before it and of what comes after it: for labels that the whole
        /// sequence explains, and never for forecasting within the sequence, where the steps that come after are the answer. With one
        /// answer per sequence, or answers after the input, each is made of what the forward direction has at the answer's step and of
        /// what the reverse direction ended with, having read everything.</para>
        /// <para>Such a network needs the whole sequence: it has no step engine, no step graph and no trace, and goes with no
        /// <see cref="SequenceTrainerOptions.TruncationSteps"/>.</para>
        /// </remarks>
        public bool Bidirectional { get; set; }

        internal override NetworkSpec ToNetwork(int inputSize, int outputSize) => new()
        {
            Kind = NetworkKind.Lstm,
            InputSize = inputSize,
            OutputSize = outputSize,
            ControllerSize = ControllerSize,
            ControllerLayers = ControllerLayers,
            ControllerClip = ControllerClip,
            Bidirectional = Bidirectional,
        };
    }
}
