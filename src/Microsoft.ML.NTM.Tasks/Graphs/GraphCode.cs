using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// How graphs, questions and answers become steps (Nature 538:471, Methods, "Graph tasks"): a label is three decimal digits, each one-hot
/// among 10; a step's features are a triple's nine digits (90), a phase flag and an answer flag; a step's label is nine digits.
/// </summary>
/// <remarks>
/// Phases: description (one triple per step), question, planning where the task has it (silent steps), answer (silent but for the answer
/// flag). The phase flag is 1 at the first step of every phase after the description. A part of a triple that is asked for is all zeros.
/// The answer is one triple per step and then <see cref="GraphTriple.End"/>. Alignment <c>EveryStep</c>.
/// </remarks>
public static class GraphCode
{
    /// <summary>Digits of a triple: softmaxes per output step.</summary>
    public const int Digits = 9;

    /// <summary>Values of a digit: classes per softmax.</summary>
    public const int DigitValues = 10;

    /// <summary>Features per step.</summary>
    public const int FeatureSize = Digits * DigitValues + 2;

    internal const int PhaseFlag = Digits * DigitValues;
    internal const int AnswerFlag = PhaseFlag + 1;

    /// <summary>
    /// Sequences as a data view with the columns <c>Features</c> (Vector&lt;Single, *, 92&gt;), <c>Label</c> (nine keys of ten values per
    /// step, with the digits as <c>KeyValues</c>) and <c>Lesson</c> (Int32).
    /// </summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="sequences">The rows; read anew by every cursor.</param>
    public static IDataView ToDataView(MLContext mlContext, IEnumerable<GraphSequence> sequences)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(sequences);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(GraphSequence));
        schema[nameof(GraphSequence.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, FeatureSize);
        ReadOnlyMemory<char>[] digits =
            [.. Enumerable.Range(0, DigitValues).Select(digit => digit.ToString(CultureInfo.InvariantCulture).AsMemory())];
        KeyColumns.Describe(schema[nameof(GraphSequence.Label)], digits, Digits);
        return mlContext.Data.LoadFromEnumerable(sequences, schema);
    }

    /// <summary>The triples an answer says before its end: a wanted one (a label) or a model's (a predicted label).</summary>
    /// <param name="keys">Keys of the digits: T x 9. Steps with a missing key are passed over.</param>
    /// <returns>The triples, and whether the end was said after them.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 9.</exception>
    public static (IReadOnlyList<GraphTriple> Triples, bool Ended) ReadAnswer(ReadOnlySpan<uint> keys)
    {
        if (keys.Length % Digits != 0)
            throw new ArgumentException($"{keys.Length} keys are not whole steps of {Digits}.", nameof(keys));
        var triples = new List<GraphTriple>();
        for (int start = 0; start < keys.Length; start += Digits)
        {
            ReadOnlySpan<uint> step = keys.Slice(start, Digits);
            if (step.Contains(0u))
                continue;
            GraphTriple triple = Triple(step);
            if (triple == GraphTriple.End)
                return (triples, true);
            triples.Add(triple);
        }
        return (triples, false);
    }

    /// <summary>The triples described before the question.</summary>
    /// <param name="features">A sequence's features: T x 92.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of 92.</exception>
    public static IReadOnlyList<GraphTriple> ReadDescription(ReadOnlySpan<float> features)
    {
        CheckFeatures(features);
        var triples = new List<GraphTriple>();
        Span<uint> keys = stackalloc uint[Digits];
        for (int start = 0; start < features.Length && features[start + PhaseFlag] == 0; start += FeatureSize)
        {
            for (int digit = 0; digit < Digits; digit++)
                keys[digit] = (uint)features.Slice(start + digit * DigitValues, DigitValues).IndexOf(1f) + 1;
            triples.Add(Triple(keys));
        }
        return triples;
    }

    internal static void CheckFeatures(ReadOnlySpan<float> features)
    {
        if (features.Length % FeatureSize != 0)
            throw new ArgumentException($"{features.Length} features are not whole steps of {FeatureSize}.", nameof(features));
    }

    /// <summary>Puts the digits of a label into a step: slot 0 source, 1 edge, 2 destination.</summary>
    internal static void WriteLabel(Span<float> step, int slot, int label)
    {
        for (int place = 0; place < 3; place++)
            step[(slot * 3 + place) * DigitValues + Digit(label, place)] = 1;
    }

    /// <summary>Puts a triple's digits into a step's keys: [9].</summary>
    internal static void WriteKeys(Span<uint> step, GraphTriple triple)
    {
        for (int place = 0; place < 3; place++)
        {
            step[place] = (uint)Digit(triple.Source, place) + 1;
            step[3 + place] = (uint)Digit(triple.Edge, place) + 1;
            step[6 + place] = (uint)Digit(triple.Destination, place) + 1;
        }
    }

    /// <summary>The triple of nine keys: [9].</summary>
    internal static GraphTriple Triple(ReadOnlySpan<uint> step)
    {
        return new GraphTriple(Label(step[..3]), Label(step[3..6]), Label(step[6..9]));

        static int Label(ReadOnlySpan<uint> keys) => (int)(100 * (keys[0] - 1) + 10 * (keys[1] - 1) + (keys[2] - 1));
    }

    /// <summary>A digit of a label: place 0 hundreds, 1 tens, 2 ones.</summary>
    private static int Digit(int label, int place) => place switch
    {
        0 => label / 100,
        1 => label / 10 % 10,
        _ => label % 10,
    };
}
