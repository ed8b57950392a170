namespace Microsoft.ML.NTM.Transformers;

/// <summary>Annotation names as ML.NET writes them.</summary>
internal static class AnnotationKinds
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
}
