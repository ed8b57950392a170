using System.Text.Json;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>Reads what <see cref="SequenceJsonContext"/> writes, by its rules.</summary>
internal static class SequenceJsonReader
{
    /// <exception cref="JsonException">Not such a text.</exception>
    public static SequenceDescription Read(ReadOnlySpan<byte> utf8)
    {
        var json = new StrictJson(utf8);
        SequenceFormat? format = null;
        string? type = null;
        string[]? classes = null;
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            switch (members.Name)
            {
                case nameof(SequenceDescription.Format):
                    format = Format(ref json);
                    break;
                case nameof(SequenceDescription.ClassType):
                    type = json.TextOrNull();
                    break;
                case nameof(SequenceDescription.Classes):
                    classes = json.IsNull() ? null : json.Texts();
                    break;
                default:
                    throw members.Unknown();
            }
        }
        members.Require("sequence", nameof(SequenceDescription.Format), nameof(SequenceDescription.ClassType),
            nameof(SequenceDescription.Classes));
        json.End();
        return new SequenceDescription(format!, type, classes);
    }

    private static SequenceFormat Format(ref StrictJson json)
    {
        var format = new SequenceFormat { Spec = null!, Features = null!, Label = null!, OutputSize = 0 };
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            format = members.Name switch
            {
                nameof(format.Spec) => format with { Spec = SpecJson.Sequence(ref json) },
                nameof(format.Features) => format with { Features = Features(ref json) },
                nameof(format.Label) => format with { Label = Label(ref json) },
                nameof(format.OutputSize) => format with { OutputSize = json.Int() },
                nameof(format.ExampleWeightColumnName) => format with { ExampleWeightColumnName = json.TextOrNull() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("format", nameof(format.Spec), nameof(format.Features), nameof(format.Label), nameof(format.OutputSize));
        return format;
    }

    private static List<FeatureFormat> Features(ref StrictJson json)
    {
        json.Array();
        var features = new List<FeatureFormat>();
        while (json.NextItem())
            features.Add(Feature(ref json));
        return features;
    }

    private static FeatureFormat Feature(ref StrictJson json)
    {
        var feature = new FeatureFormat("", 0);
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            switch (members.Name)
            {
                case nameof(feature.ColumnName):
                    feature = feature with { ColumnName = json.Text() };
                    break;
                case nameof(feature.ValuesPerStep):
                    feature = feature with { ValuesPerStep = json.Int() };
                    break;
                case nameof(feature.KeyCount):
                    feature = feature with { KeyCount = json.Int() };
                    break;
                case nameof(feature.EmbeddingSize):
                    feature = feature with { EmbeddingSize = json.Int() };
                    break;
                case nameof(feature.Missing):
                    feature = feature with { Missing = (MissingFeatures)json.Kind(typeof(MissingFeatures)) };
                    break;
                case nameof(feature.Scaling):
                    feature = feature with { Scaling = Scaling(ref json) };
                    break;
                // They follow from the others.
                case nameof(feature.IsKey) or nameof(feature.Width):
                    json.Skip();
                    break;
                default:
                    throw members.Unknown();
            }
        }
        members.Require("feature column", nameof(feature.ColumnName), nameof(feature.ValuesPerStep));
        return feature;
    }

    private static LabelFormat Label(ref StrictJson json)
    {
        var label = new LabelFormat("", LabelKind.Number, IsVector: false);
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            label = members.Name switch
            {
                nameof(label.ColumnName) => label with { ColumnName = json.Text() },
                nameof(label.Kind) => label with { Kind = (LabelKind)json.Kind(typeof(LabelKind)) },
                nameof(label.IsVector) => label with { IsVector = json.Bool() },
                nameof(label.KeyCount) => label with { KeyCount = json.Int() },
                nameof(label.Scaling) => label with { Scaling = Scaling(ref json) },
                _ => throw members.Unknown(),
            };
        }
        members.Require("label", nameof(label.ColumnName), nameof(label.Kind), nameof(label.IsVector));
        return label;
    }

    private static ChannelScaling? Scaling(ref StrictJson json)
    {
        if (json.IsNull())
            return null;
        var scaling = new ChannelScaling([], []);
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            scaling = members.Name switch
            {
                nameof(scaling.Centers) => scaling with { Centers = json.Floats() },
                nameof(scaling.Deviations) => scaling with { Deviations = json.Floats() },
                nameof(scaling.Limit) => scaling with { Limit = json.IsNull() ? null : json.Float() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("scaling", nameof(scaling.Centers), nameof(scaling.Deviations));
        return scaling;
    }
}
