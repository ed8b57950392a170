using System.Text.Json;
using Microsoft.ML.NTM.Sweeping;
using Microsoft.ML.NTM.Sweeps;
using Microsoft.ML.NTM.Tests.Sweeping.Machine;
using Orleans.Storage;

namespace Microsoft.ML.NTM.Tests.Sweeping.Cluster;

/// <summary>How a grain keeps a sweep, with a storage that may end at any write.</summary>
[TestClass]
public sealed class SweepStoreTests
{
    private const string Identity = "this sweep";
    private static readonly GrainId s_grain = GrainId.Create("sweep", "small");

    private static readonly SweepPlan s_plan = new()
    {
        Space = SweepSpace.Empty.Range("Rate", 1e-5, 1.0, 1.0, logarithmic: true).Range("Share", 0.0, 1.0, 0.0),
        Trials = 3 * SweepStore.PageSize,
        Rungs = 1,
        Lease = 40,
    };

    [TestMethod]
    public async Task ACrashBeforeOrAfterAnyWriteLosesNothingThatWasAnswered()
    {
        int writes = (await RunAsync(new Memory())).Writes;
        Assert.IsGreaterThan(200, writes);
        for (int at = 0; at < writes; at++)
        {
            foreach (bool before in new[] { true, false })
            {
                Memory memory = await RunAsync(new Memory { EndsAt = at, EndsBefore = before });
                Assert.IsTrue(memory.HasEnded);

                // Either the event that was under way is there too or it is not; several trials may be in between where several changed.
                SweepStore store = await OpenAsync(memory.Again());
                string[] was = memory.Answered, there = Describe(store.Trials), asked = memory.UnderWay;
                Assert.IsTrue(there.Length >= was.Length && there.Length <= asked.Length, $"Write {at}.");
                for (int i = 0; i < there.Length; i++)
                    Assert.IsTrue((i < was.Length && there[i] == was[i]) || there[i] == asked[i], $"Write {at}, trial {i}.");
            }
        }
    }

    [TestMethod]
    public async Task AnEventWritesOnePageHoweverManyTrialsThereAre()
    {
        Memory memory = await RunAsync(new Memory());
        int longest = memory.Lengths.Max();
        int all = JsonSerializer.Serialize(SweepState.Write((await OpenAsync(memory.Again())).Trials)).Length;

        Assert.IsLessThan(all / 2, longest);
        Assert.IsTrue(memory.Names.All(name => name is "sweep" or "page-0" or "page-1" or "page-2"), string.Join(' ', memory.Names));
    }

    [TestMethod]
    public async Task WhatTheFirstVersionKeptIsReadThoughTheChangeIsCutOffAnywhere()
    {
        Memory memory = await RunAsync(new Memory());
        List<TrialRecord> trials = (await OpenAsync(memory.Again())).Trials;
        for (int at = 0; at < 5; at++)
        {
            var old = new Memory();
            var head = new GrainState<SweepGrainState>(new SweepGrainState
            {
                Trials = SweepState.Write(trials),
                Sweep = Identity,
                Begun = 7,
            });
            await old.WriteStateAsync("sweep", s_grain, head);
            (old.EndsAt, old.EndsBefore) = (1 + at / 2 * 2, at % 2 == 0);
            if (old.EndsAt < 5)
                await Assert.ThrowsAsync<IOException>(() => OpenAsync(old));
            else
                await OpenAsync(old);
            Memory again = old.Again();
            SweepStore store = await OpenAsync(again), once = await OpenAsync(again);

            CollectionAssert.AreEqual(Describe(trials), Describe(store.Trials));
            CollectionAssert.AreEqual(Describe(trials), Describe(once.Trials));
            Assert.AreEqual(7, once.Begun);
            await again.ReadStateAsync("sweep", s_grain, head);
            Assert.AreNotEqual(Identity, head.State!.Sweep, "The first version would begin anew.");
        }
    }

    [TestMethod]
    public async Task AnotherSweepIsRefused()
    {
        var memory = new Memory();
        await OpenAsync(memory);

        StringAssert.Contains((await Assert.ThrowsAsync<InvalidOperationException>(
            () => SweepStore.OpenAsync(memory, s_grain, "that sweep"))).Message, "'small' in the storage is another one");
    }

    [TestMethod]
    public async Task OfTwoThatTakeTheSweepForTheirsTheSecondToWriteIsRefused()
    {
        var memory = new Memory();
        SweepStore first = await OpenAsync(memory), second = await OpenAsync(memory);
        TrialRecord[] trials = [new() { Number = 0, Point = [1e-3, 0.5] }];
        await first.SaveAsync(trials, [0]);

        await Assert.ThrowsAsync<InconsistentStateException>(() => second.SaveAsync(trials, [0]));
    }

    // A sweep until its end, or until the storage ends.
    private static async Task<Memory> RunAsync(Memory memory)
    {
        try
        {
            SweepStore store = await OpenAsync(memory);
            var machine = new SweepMachine(s_plan, store.Trials);
            var simulation = new Simulation(machine, (trial, _) => Math.Abs(Math.Log10(trial.Point[0]) + 3) + trial.Point[1], 4, seed: 3)
            {
                Death = 0.05,
                Failure = 0.05,
            };
            await store.BeginAsync(1);
            while (true)
            {
                bool more = simulation.Step();
                if (machine.Changed.Count > 0)
                    memory.UnderWay = Describe(machine.Trials);
                await store.SaveAsync(machine.Trials, machine.Changed);
                machine.Changed.Clear();
                memory.Answered = memory.UnderWay;
                if (!more)
                    return memory;
            }
        }
        catch (IOException)
        {
            return memory;
        }
    }

    private static Task<SweepStore> OpenAsync(Memory memory) => SweepStore.OpenAsync(memory, s_grain, Identity);

    private static string[] Describe(IEnumerable<TrialRecord> trials) =>
        [.. trials.Select(trial => $"{SweepStates.Describe([trial])} {trial.Attempt} {trial.Worker}")];

    /// <summary>A storage in memory that ends before or after a write, and knows what an earlier one is not allowed to overwrite.</summary>
    private sealed class Memory : IGrainStorage
    {
        private Dictionary<string, (byte[] Bytes, string Tag)> _states = [];

        public int EndsAt { get; set; } = int.MaxValue;

        public bool EndsBefore { get; set; }

        public bool HasEnded { get; private set; }

        public int Writes { get; private set; }

        public string[] Answered { get; set; } = [];

        public string[] UnderWay { get; set; } = [];

        public List<int> Lengths { get; } = [];

        public HashSet<string> Names { get; } = [];

        /// <summary>The same states, for whoever comes next.</summary>
        public Memory Again() => new() { _states = _states };

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            grainState.RecordExists = _states.TryGetValue(stateName, out (byte[] Bytes, string Tag) kept);
            grainState.ETag = kept.Tag;
            grainState.State = grainState.RecordExists ? JsonSerializer.Deserialize<T>(kept.Bytes)! : Activator.CreateInstance<T>();
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            HasEnded |= Writes >= EndsAt;
            if (HasEnded && EndsBefore)
                throw new IOException("The process ends before the write.");
            if (_states.GetValueOrDefault(stateName).Tag != grainState.ETag)
                throw new InconsistentStateException("Another has written.");
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
            _states[stateName] = (bytes, $"{++Writes}");
            (grainState.ETag, grainState.RecordExists) = ($"{Writes}", true);
            Lengths.Add(bytes.Length);
            Names.Add(stateName);
            return HasEnded ? throw new IOException("The process ends after the write.") : Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
