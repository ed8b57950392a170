namespace Microsoft.ML.NTM;

/// <summary>One exam of a <see cref="GraphCurriculum"/>.</summary>
/// <param name="Lesson">The lesson examined.</param>
/// <param name="Sequences">Sequences trained on before.</param>
/// <param name="TripleAccuracy">Share of triples right.</param>
/// <param name="Passed">Whether that was enough for the next lesson.</param>
public readonly record struct GraphExam(int Lesson, long Sequences, double TripleAccuracy, bool Passed);
