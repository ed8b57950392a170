using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>
/// Gives back what a <see cref="CheckpointSaver"/> saved. The whole file is read and checked before any of it is given; it is not trusted,
/// so memory is taken only for what the file really holds.
/// </summary>
internal sealed class CheckpointLoader : CheckpointExchange
{
    private readonly Dictionary<string, (SafetensorsEntry Entry, float[] Values)> _tensors = [];
    private readonly IReadOnlyDictionary<string, string> _texts;

    /// <summary>The checkpoint at <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">Not a whole checkpoint, or with numbers that no training has.</exception>
    internal CheckpointLoader(string path)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsHeader header = SafetensorsHeader.Read(stream);
        header.RequireTensorsIn(stream);
        SafetensorsReader.ReadTensors(stream, header, Room);
        foreach ((SafetensorsEntry entry, float[] values) in _tensors.Values)
            CheckpointLimits.Check(entry, values);
        _texts = header.Metadata;
        foreach ((string name, string text) in _texts)
            CheckpointLimits.Check(name, text);
        if (!_texts.TryGetValue(CheckpointChecksum.Name, out string? expected)
            || expected != CheckpointChecksum.Of(_texts,
                _tensors.Select(tensor => (tensor.Key, (ReadOnlyMemory<float>)tensor.Value.Values))))
            throw new InvalidDataException("Its checksum is not the one it was saved with: the file is damaged or was edited.");
        Path = path;
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <inheritdoc/>
    internal override bool IsLoading => true;

    /// <inheritdoc/>
    internal override void Array(string name, float[] values) => Tensor("training." + name, [values.Length]).CopyTo(values, 0);

    /// <inheritdoc/>
    internal override void Parameters(ParameterSet parameters)
    {
        float[][] values = [.. parameters.Layout.Slices.Select(slice => Tensor(slice.Name, slice.Shape))];
        for (int i = 0; i < values.Length; i++)
            values[i].CopyTo(parameters.Values, parameters.Layout.Slices[i].Offset);
    }

    /// <inheritdoc/>
    internal override void Text(string name, ref string value) =>
        value = _texts.TryGetValue(name, out string? text) ? text : throw new InvalidDataException($"The checkpoint lacks '{name}'.");

    private Memory<float> Room(SafetensorsEntry entry)
    {
        if (entry.Type != "F32")
            throw new InvalidDataException(
                $"The checkpoint is damaged: its '{entry.NameText}' must be F32 and is {Quoted.Text(entry.Type)}.");
        float[] values = new float[(entry.End - entry.Begin) / sizeof(float)];
        _tensors.Add(entry.Name, (entry, values));
        return values;
    }

    private float[] Tensor(string name, IReadOnlyList<int> shape)
    {
        string expected = $"[{string.Join(", ", shape)}]";
        if (!_tensors.TryGetValue(name, out (SafetensorsEntry Entry, float[] Values) tensor))
            throw new InvalidDataException($"The checkpoint lacks '{name}' {expected}: it is another training's.");
        if (!tensor.Entry.Shape.SequenceEqual(shape.Select(size => (long)size)))
            throw new InvalidDataException(
                $"The checkpoint's '{name}' is {tensor.Entry.ShapeText} where {expected} belongs: it is another training's.");
        return tensor.Values;
    }
}
