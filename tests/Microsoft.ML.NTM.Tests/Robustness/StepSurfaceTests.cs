using CsCheck;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Random calls of a step engine, bad steps and damaged states among them: what was taken answers as a whole sequence of the good steps
/// does, what was refused changed nothing.
/// </summary>
[TestClass]
public sealed class StepSurfaceTests
{
    private const string Fine = "fine", Refused = "something refused";

    private static readonly Gen<float> s_number =
        Gen.Frequency((30, Gen.Float[-2, 2]), (1, Gen.OneOf(float.NaN, float.PositiveInfinity, float.MaxValue)));

    private static readonly Gen<float[]?> s_step = Gen.Frequency(
        (20, s_number.Array[2].Select(values => (float[]?)values)), (1, s_number.Array[0, 5].Select(values => (float[]?)values)),
            (1, Gen.Const((float[]?)null)));

    private static readonly Gen<(int Call, float[]? Step, int Place, byte Damage)[]> s_calls =
        Gen.Select(Gen.Int[0, 19], s_step, Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 12];

    private readonly MLContext _ml = new(seed: 1);

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AnyCallsAreAnsweredAsTheWholeSequenceIsOrRefused()
    {
        SequenceTransformer model = _ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(_ml));
        SequenceStepEngine<Step, Scores> first = _ml.Sequence.CreateStepEngine<Step, Scores>(model);
        Dictionary<string, int> ends = RandomCases.Run(s_calls, share: 1_000, calls =>
        {
            var run = new Run(first.Clone());
            foreach ((int call, float[]? step, int place, byte damage) in calls)
                run.Call(call, step, place, damage);
            if (run.Steps.Count > 0)
                CollectionAssert.AreEqual(Whole(model, run.Steps, run.Answers.Count / 2), run.Answers);
            return run.Refusals > 0 ? Refused : Fine;
        });
        RandomCases.AssertCovers(ends, TestContext, Fine, Refused);
    }

    // The same steps, scored as one sequence: as many answers as were asked for.
    private static float[] Whole(SequenceTransformer model, List<float[]> steps, int answers)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new Sequence
        {
            Features = [.. steps.SelectMany(step => step)],
            OutputLength = Math.Max(1, answers),
        }]);
        return [.. model.Transform(data).GetColumn<float[]>("Score").Single().Take(2 * answers)];
    }

    private sealed class Run(SequenceStepEngine<Step, Scores> engine)
    {
        private SequenceStepEngine<Step, Scores> _engine = engine;
        private byte[] _saved = engine.SaveState();
        private (List<float[]> Steps, List<float> Answers) _then = ([], []);

        public List<float[]> Steps { get; private set; } = [];

        public List<float> Answers { get; private set; } = [];

        public int Refusals { get; private set; }

        public void Call(int call, float[]? step, int place, byte damage)
        {
            byte[] before = _engine.SaveState();
            try
            {
                Do(call, step, place, damage);
            }
            catch (Exception fault) when (fault is InvalidOperationException or ArgumentException
                && fault.GetBaseException().Message.Length > 0)
            {
                Refusals++;
                CollectionAssert.AreEqual(before, _engine.SaveState());
            }
        }

        private void Do(int call, float[]? step, int place, byte damage)
        {
            switch (call)
            {
                case 0:
                    _engine.Reset();
                    (Steps, Answers) = ([], []);
                    break;
                case 1:
                    (_saved, _then) = (_engine.SaveState(), ([.. Steps], [.. Answers]));
                    break;
                case 2:
                    _engine.LoadState(_saved);
                    (Steps, Answers) = ([.. _then.Steps], [.. _then.Answers]);
                    break;
                case 3:
                    _engine = _engine.Clone();
                    break;
                case 4:
                    // Any byte may turn out fine: the state is what was saved, or is refused, or other numbers of the same network.
                    byte[] damaged = [.. _saved];
                    damaged[place % damaged.Length] ^= damage;
                    SequenceStepEngine<Step, Scores> other = _engine.Clone();
                    other.LoadState(damaged);
                    other.Step(new Step { Features = [1, 0] });
                    break;
                case < 9:
                    Answers.AddRange(_engine.Answer().Score);
                    break;
                default:
                    Assert.IsEmpty(_engine.Step(new Step { Features = step! }).Score);
                    // Nothing is a step without input.
                    Steps.Add(step is { Length: > 0 } ? step : [0, 0]);
                    break;
            }
        }
    }

    private sealed class Step
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Sequence
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];
        public int OutputLength { get; set; }
    }
}
