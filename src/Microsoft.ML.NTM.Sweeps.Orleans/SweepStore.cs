using System.Text.Json;
using Microsoft.ML.NTM.Sweeping;
using Orleans.Storage;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>What a sweep's storage has first.</summary>
[GenerateSerializer]
internal sealed class SweepGrainState
{
    /// <summary>All trials, as JSON, as the first version kept them; null: they are in pages.</summary>
    [Id(0)]
    public string? Trials { get; set; }

    /// <summary>Which sweep it is, as JSON; pages have a word before it, so that the first version refuses what it cannot read.</summary>
    [Id(1)]
    public string? Sweep { get; set; }

    /// <summary>When the first trial was asked for, in milliseconds of Unix time; null before.</summary>
    [Id(2)]
    public long? Begun { get; set; }
}

/// <summary>Some of a sweep's trials.</summary>
[GenerateSerializer]
internal sealed class SweepGrainPage
{
    /// <summary>As JSON.</summary>
    [Id(0)]
    public string? Trials { get; set; }
}

/// <summary>
/// A sweep in a grain storage: a head, and its trials in pages of <see cref="PageSize"/>. Only pages with a trial that changed are written,
/// so that an event costs as much after ten thousand trials as after ten. Trials do not depend on each other's records: whichever writes
/// were the last before a crash, what was answered is there. Of two silos that both take a sweep for theirs, the one that writes a page
/// second is refused.
/// </summary>
internal sealed class SweepStore
{
    /// <summary>Trials in a page.</summary>
    public const int PageSize = 32;

    private const string HeadName = "sweep", InPages = "pages ";

    private readonly IGrainStorage _storage;
    private readonly GrainId _grain;
    private readonly GrainState<SweepGrainState> _head = new(new SweepGrainState());
    private readonly List<GrainState<SweepGrainPage>> _pages = [];

    private SweepStore(IGrainStorage storage, GrainId grain) => (_storage, _grain) = (storage, grain);

    /// <summary>The trials that were there when it was opened.</summary>
    public List<TrialRecord> Trials { get; private set; } = [];

    /// <summary>When the first trial was asked for, in milliseconds of Unix time; null before.</summary>
    public long? Begun => Head.Begun;

    // Reading gives a record that is empty where there is none.
    private SweepGrainState Head => _head.State!;

    /// <summary>Reads what there is. What the first version kept is put into pages.</summary>
    /// <exception cref="InvalidOperationException">It is another sweep's.</exception>
    public static async Task<SweepStore> OpenAsync(IGrainStorage storage, GrainId grain, string identity)
    {
        var store = new SweepStore(storage, grain);
        await storage.ReadStateAsync(HeadName, grain, store._head);
        SweepGrainState head = store.Head;
        if (head.Sweep is { } kept && kept != identity && kept != InPages + identity)
            throw new InvalidOperationException($"The sweep '{grain.Key}' in the storage is another one; give this one another name. "
                + $"There: {Short(kept)} Here: {Short(identity)}");
        while (await store.ReadPageAsync(store._pages.Count) is { RecordExists: true } page)
        {
            store._pages.Add(page);
            store.Trials.AddRange(SweepState.Read(page.State!.Trials!));
        }
        if (head.Sweep == InPages + identity)
            return store;

        // Until the head says that all are in pages, pages are what a change of version that was cut off left.
        if (head.Trials is { } all)
        {
            store.Trials = SweepState.Read(all);
            await store.SaveAsync(store.Trials, Enumerable.Range(0, store.Trials.Count));
        }
        (head.Trials, head.Sweep) = (null, InPages + identity);
        await storage.WriteStateAsync(HeadName, grain, store._head);
        return store;
    }

    /// <summary>Keeps when the sweep began; later calls change nothing.</summary>
    public async Task BeginAsync(long now)
    {
        if (Begun is not null)
            return;
        Head.Begun = now;
        try
        {
            await _storage.WriteStateAsync(HeadName, _grain, _head);
        }
        catch
        {
            Head.Begun = null;
            throw;
        }
    }

    /// <summary>Writes what changed, the first pages first, so that there is never one without those before it.</summary>
    /// <param name="trials">All trials.</param>
    /// <param name="changed">The numbers of those that changed or are new.</param>
    public async Task SaveAsync(IReadOnlyList<TrialRecord> trials, IEnumerable<int> changed)
    {
        foreach (int page in changed.Select(number => number / PageSize).Distinct().Order().ToArray())
        {
            if (page == _pages.Count)
                _pages.Add(new GrainState<SweepGrainPage>(new SweepGrainPage()));
            _pages[page].State!.Trials = SweepState.Write([.. trials.Skip(page * PageSize).Take(PageSize)]);
            await _storage.WriteStateAsync(PageName(page), _grain, _pages[page]);
        }
    }

    private async Task<GrainState<SweepGrainPage>> ReadPageAsync(int page)
    {
        var state = new GrainState<SweepGrainPage>(new SweepGrainPage());
        await _storage.ReadStateAsync(PageName(page), _grain, state);
        return state;
    }

    private static string PageName(int page) => FormattableString.Invariant($"page-{page}");

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + " ...";
}

/// <summary>A sweep's trials as text, bit for bit.</summary>
internal static class SweepState
{
    public static string Write(IReadOnlyList<TrialRecord> trials) =>
        JsonSerializer.Serialize([.. trials], JournalJson.Lines.ListTrialRecord);

    public static List<TrialRecord> Read(string trials) => JsonSerializer.Deserialize(trials, JournalJson.Lines.ListTrialRecord) ?? [];
}
