namespace Microsoft.ML.NTM.Transformers;

/// <summary>The network's answers to the row that a cursor stands on.</summary>
internal interface IAnswers : IDisposable
{
    /// <summary>The network's outputs at the steps that answer, before sigmoid or softmax: [T', O]; good until the row changes.</summary>
    ReadOnlySpan<float> Logits();
}
