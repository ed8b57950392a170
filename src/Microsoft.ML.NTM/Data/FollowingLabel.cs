using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// The mark on a label column whose steps come after the input: <see cref="LabelPlacement.Following"/> sets it, and trainers then answer
/// after the input (<see cref="SequenceAlignment.AfterInput"/>) without being told. It is an annotation, so it passes through transforms as
/// key names do.
/// </summary>
internal static class FollowingLabel
{
    /// <summary>The annotation's name.</summary>
    public const string Kind = "LabelFollowsInput";

    /// <summary>The annotations, or none, with the mark.</summary>
    public static DataViewSchema.Annotations Mark(DataViewSchema.Annotations? annotations)
    {
        var marked = new DataViewSchema.Annotations.Builder();
        marked.Add(annotations, _ => true);
        marked.Add(Kind, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return marked.ToAnnotations();
    }

    /// <summary>Whether a column has the mark.</summary>
    public static bool Marks(DataViewSchema.Column label) => label.Annotations.Schema.GetColumnOrNull(Kind)?.Type is BooleanDataViewType;
}
