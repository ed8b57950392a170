using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

/// <summary>A trained network and how data views are read for it: all that scoring needs and all that a model file holds.</summary>
public sealed class SequenceModelParameters
{
    internal SequenceModelParameters(NetworkSpec network, SequenceFormat format, ParameterSet parameters, LabelClasses? classes,
        TrainingHistory? history = null)
    {
        Network = network;
        Format = format;
        Parameters = parameters;
        Classes = classes;
        History = history;
    }

    /// <summary>The network's sizes and kinds.</summary>
    public NetworkSpec Network { get; }

    /// <summary>How a row becomes a sequence.</summary>
    public SequenceSpec Sequence => Format.Spec;

    /// <summary>The trained parameters.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>
    /// How it was trained, saved with the model; null for weights that were made elsewhere, and for model files of versions 1 and 2.
    /// </summary>
    public TrainingHistory? History { get; }

    /// <summary>The columns that were trained on.</summary>
    internal SequenceFormat Format { get; }

    /// <summary>What a key label's classes are called.</summary>
    internal LabelClasses? Classes { get; }
}
