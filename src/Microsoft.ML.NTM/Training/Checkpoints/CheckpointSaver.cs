using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>Collects what is to be saved, and saves it.</summary>
internal sealed class CheckpointSaver : CheckpointExchange
{
    private readonly List<SafetensorsTensor> _tensors = [];
    private readonly Dictionary<string, string> _texts = [];

    /// <inheritdoc/>
    internal override bool IsLoading => false;

    /// <inheritdoc/>
    internal override void Array(string name, float[] values) => _tensors.Add(new SafetensorsTensor("training." + name, [values.Length], values));

    /// <inheritdoc/>
    internal override void Parameters(ParameterSet parameters)
    {
        foreach (ParameterSlice slice in parameters.Layout.Slices)
            _tensors.Add(new SafetensorsTensor(slice.Name, slice.Shape, parameters.Values.AsMemory(slice.Offset, slice.Length)));
    }

    /// <inheritdoc/>
    internal override void Text(string name, ref string value) => _texts.Add(name, value);

    /// <summary>
    /// Writes a file beside <paramref name="path"/>, down to the disk, and renames it: whenever the process dies, <paramref name="path"/> is
    /// the old checkpoint or the new one, whole.
    /// </summary>
    internal void Save(string path)
    {
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            SafetensorsWriter.Write(stream, _tensors, _texts);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
