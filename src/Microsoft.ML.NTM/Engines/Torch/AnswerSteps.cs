using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// Which steps of which rows of a batch answer. The network's outputs stand one under another for the steps at which any running row
/// answers; of these lines, the answers are <see cref="Lines"/>.
/// </summary>
internal sealed class AnswerSteps
{
    private readonly bool[] _hasAnswer;

    public AnswerSteps(SequenceBatch batch)
    {
        _hasAnswer = new bool[batch.Steps];
        int line = 0;
        for (int step = 0; step < batch.Steps; step++)
        {
            int running = Running(batch, step);
            for (int row = 0; row < running; row++)
            {
                if (step < batch.OutputStarts[row])
                    continue;
                _hasAnswer[step] = true;
                Answers.Add((step, row));
                Lines.Add(line + row);
            }
            if (_hasAnswer[step])
                line += running;
        }
    }

    /// <summary>Step and row of every answer (A of them), by step, then by row.</summary>
    public List<(int Step, int Row)> Answers { get; } = [];

    /// <summary>The answers' lines among the outputs: [A].</summary>
    public List<long> Lines { get; } = [];

    /// <summary>Whether a row answers at a step.</summary>
    public bool Any(int step) => _hasAnswer[step];

    /// <summary>How many rows have not ended before a step: they are the first ones.</summary>
    public static int Running(SequenceBatch batch, int step)
    {
        int rows = batch.Rows;
        while (rows > 0 && batch.Lengths[rows - 1] <= step)
            rows--;
        return rows;
    }
}
