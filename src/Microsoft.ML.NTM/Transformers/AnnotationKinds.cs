namespace Microsoft.ML.NTM.Transformers;

/// <summary>Annotation names: as ML.NET writes them, and ours.</summary>
internal static class AnnotationKinds
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";

    /// <summary>On a score column: the feature column that was answered, as text.</summary>
    public const string InputColumn = "SequenceInputColumn";

    /// <summary>On a score column: how many values of <see cref="InputColumn"/> make a step, as Int32.</summary>
    public const string InputStepSize = "SequenceInputStepSize";
}
