using System.Globalization;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// What the sweep's sampler gains where trainings cost nothing: the state machine over made-up objectives (<see cref="SweepLandscape"/>)
/// with simulated workers. All ways have the same cost to spend, as much as a search at random with early stopping needs to begin 10, 30,
/// 60, 100 and 200 trials. <c>--sweep-surrogates SEEDS [choosing]</c>.
/// </summary>
internal static class SweepSurrogates
{
    private const int Reference = 1, Ours = 2;
    private static readonly int[] s_begun = [10, 30, 60, 100, 200];
    private static readonly int[] s_workers = [1, 2, 8];

    private static readonly (string Name, SweepSampler Sampler, int Rungs)[] s_ways =
        [("random", SweepSampler.Random, 0), ("random, stopping", SweepSampler.Random, 2), ("default", SweepSampler.Parzen, 2)];

    public static void Run(int seeds, bool choosing)
    {
        var total = new Tally();
        Console.WriteLine("Median regret of the start | random | random, stopping early | default, and in brackets the seeds in which the "
            + "default was better and worse than random with stopping.");
        foreach (SweepLandscape landscape in SweepLandscape.All().Where(one => one.ForChoosing == choosing))
        {
            foreach (int workers in s_workers)
            {
                double[][][] regrets = new double[seeds][][];
                Parallel.For(0, seeds, seed => regrets[seed] = Regrets(landscape, workers, seed + (choosing ? 0 : 1_000)));
                Print(landscape, workers, regrets, total);
            }
        }
        foreach ((int begun, int i) in s_begun.Select((begun, i) => (begun, i)))
            Console.WriteLine($"{begun} trials: {total.Of(i)}");
    }

    // [way, budget], and the start's in the end.
    private static double[][] Regrets(SweepLandscape landscape, int workers, int seed)
    {
        Surrogate[] runs = [.. s_ways.Select(way => new Surrogate(landscape, seed, new SweepPlan
        {
            Space = landscape.Space,
            Seed = seed,
            Trials = 10_000,
            Sampler = way.Sampler,
            Rungs = way.Rungs,
            CostLimit = 20,
        }))];
        runs[Reference].Run(workers, double.PositiveInfinity, s_begun[^1]);
        double[] budgets = [.. s_begun.Select(runs[Reference].SpentUntil)];
        foreach (Surrogate run in runs)
            run.Run(workers, budgets[^1], int.MaxValue);
        return [.. runs.Select(run => budgets.Select(run.RegretAfter).ToArray()), [.. budgets.Select(_ => runs[Reference].Start)]];
    }

    private static void Print(SweepLandscape landscape, int workers, double[][][] regrets, Tally total)
    {
        Console.Write($"| {landscape.Name}, {workers} |");
        for (int i = 0; i < s_begun.Length; i++)
        {
            double Median(int way) => regrets.Select(seed => seed[way][i]).Order().ElementAt(regrets.Length / 2);
            int better = regrets.Count(seed => seed[Ours][i] < seed[Reference][i]);
            int worse = regrets.Count(seed => seed[Ours][i] > seed[Reference][i]);
            total.Add(i, better, worse, regrets.Select(seed => LogOf(seed[Ours][i]) - LogOf(seed[Reference][i])));
            Console.Write(string.Create(CultureInfo.InvariantCulture,
                $" {Median(3):F3} {Median(0):F3} {Median(1):F3} {Median(2):F3} ({better}/{worse}) |"));
        }
        Console.WriteLine();
    }

    private static double LogOf(double regret) => Math.Log(Math.Max(regret, 1e-4));

    private sealed class Tally
    {
        private readonly Dictionary<int, (int Better, int Worse, double Logs, int Count)> _all = [];

        public void Add(int budget, int better, int worse, IEnumerable<double> logs)
        {
            (int oldBetter, int oldWorse, double sum, int count) = _all.GetValueOrDefault(budget);
            _all[budget] = (oldBetter + better, oldWorse + worse, sum + logs.Sum(), count + logs.Count());
        }

        public string Of(int budget) => string.Create(CultureInfo.InvariantCulture,
            $"better {_all[budget].Better}, worse {_all[budget].Worse}, ratio {Math.Exp(_all[budget].Logs / _all[budget].Count):F3}");
    }
}

/// <summary>A sweep over a made-up objective with workers that train nothing but take the time that training would.</summary>
internal sealed class Surrogate
{
    private readonly int _seed;
    private readonly Func<double[], SurrogateTraining> _train;
    private readonly SweepMachine _machine;
    private readonly PriorityQueue<(TrialRecord? Trial, int Part), (double, int)> _events = new();
    private readonly List<double> _begun = [];
    private readonly List<(double Spent, double Regret)> _found = [];
    private double _spent;
    private int _order;

    public Surrogate(SweepLandscape landscape, int seed, SweepPlan plan)
    {
        (_seed, _train) = (seed, landscape.Of(seed));
        _machine = new SweepMachine(plan with { Cost = point => _train(point).Cost });
    }

    /// <summary>The regret of the first trial.</summary>
    public double Start => double.IsNaN(_train(_machine.Plan.Space.Start).Regret) ? 1 : _train(_machine.Plan.Space.Start).Regret;

    /// <summary>Goes on until so much is spent or so many trials have begun.</summary>
    public void Run(int workers, double cost, int trials)
    {
        if (_order == 0)
        {
            for (int i = 0; i < workers; i++)
                _events.Enqueue((null, 0), (0, _order++));
        }
        while (_spent < cost && _begun.Count < trials && _events.TryDequeue(out var what, out (double Now, int) when))
            Happen(what.Trial, what.Part, when.Now);
    }

    /// <summary>What was spent when a trial began.</summary>
    public double SpentUntil(int trials) => _begun[trials - 1];

    /// <summary>The regret of the best trial when so much was spent; before the first came to an end, the start's.</summary>
    public double RegretAfter(double cost) => _found.Where(found => found.Spent <= cost)
        .Select(found => found.Regret).LastOrDefault(Start);

    private void Happen(TrialRecord? trial, int part, double now)
    {
        if (trial is null || !GoesOn(trial, part))
        {
            if (_machine.Suggest("worker").Trial is not { } next)
                return;
            _begun.Add(_spent);
            (trial, part) = (next, 0);
        }
        double share = _train(trial.Point).Cost / _machine.Plan.WholeTraining;
        _events.Enqueue((trial, part + 1), (now + share, _order++));
    }

    private bool GoesOn(TrialRecord trial, int part)
    {
        SurrogateTraining training = _train(trial.Point);
        int whole = _machine.Plan.WholeTraining;
        _spent += training.Cost / whole;
        if (double.IsNaN(training.Regret))
        {
            _machine.Fail(trial.Number, trial.Attempt, "diverged");
            return false;
        }
        double luck = Normal(new SeededRandom(_seed, $"trial {trial.Number}"));
        double now = Normal(new SeededRandom(_seed, $"trial {trial.Number}, {part}"));
        double Measured(double loss) => loss * Math.Exp(training.Noise * (0.8 * luck + 0.6 * now));
        bool goesOn = _machine.Report(trial.Number, trial.Attempt, part, Measured(training.LossAt((double)part / whole)));
        if (goesOn && part < whole)
            return true;
        if (goesOn)
        {
            _machine.Complete(trial.Number, trial.Attempt, Measured(training.LossAt(1)));
            _found.Add((_spent, _train(Winner.Of(_machine.Trials)!.Point).Regret));
        }
        return false;
    }

    /// <summary>A draw from the normal distribution.</summary>
    public static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
