using System.Security.Cryptography;
using System.Text.Json;
using Orleans.Storage;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>
/// A grain's state as a JSON file. It is written beside itself and then moved, so that it is whole whenever a process ends; and a silo that
/// does not know that another has written meanwhile is refused.
/// </summary>
internal sealed class SweepFileStorage(string folder) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string path = PathOf(stateName, grainId);
        byte[]? bytes = File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
        grainState.RecordExists = bytes is not null;
        grainState.ETag = TagOf(bytes);
        grainState.State = bytes is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(bytes)!;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Directory.CreateDirectory(folder);
        string path = PathOf(stateName, grainId), unfinished = path + FormattableString.Invariant($".{Environment.ProcessId}.new");
        RequireUnchanged(path, grainState.ETag);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
        await using (FileStream file = File.Create(unfinished))
        {
            await file.WriteAsync(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        (grainState.RecordExists, grainState.ETag) = (true, TagOf(bytes));
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        RequireUnchanged(PathOf(stateName, grainId), grainState.ETag);
        File.Delete(PathOf(stateName, grainId));
        (grainState.RecordExists, grainState.ETag, grainState.State) = (false, null, Activator.CreateInstance<T>());
        return Task.CompletedTask;
    }

    private static void RequireUnchanged(string path, string? expected)
    {
        string? found = File.Exists(path) ? TagOf(File.ReadAllBytes(path)) : null;
        if (found != expected)
            throw new InconsistentStateException($"'{path}' was changed by another silo.", found ?? "none", expected ?? "none");
    }

    private string PathOf(string stateName, GrainId grainId) =>
        Path.Combine(folder, $"{stateName}-{Uri.EscapeDataString(grainId.Key.ToString() ?? "")}.json");

    private static string? TagOf(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(SHA256.HashData(bytes));
}
