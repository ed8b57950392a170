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
    internal override void Array(string name, float[] values) =>
        _tensors.Add(new SafetensorsTensor("training." + name, [values.Length], values));

    /// <inheritdoc/>
    internal override void Parameters(ParameterSet parameters)
    {
        foreach (ParameterSlice slice in parameters.Layout.Slices)
            _tensors.Add(new SafetensorsTensor(slice.Name, slice.Shape, parameters.Values.AsMemory(slice.Offset, slice.Length)));
    }

    /// <inheritdoc/>
    internal override void Text(string name, ref string value) => _texts.Add(name, value);

    /// <summary>Writes everything, with a checksum over it.</summary>
    internal void Write(Stream stream)
    {
        _texts[CheckpointChecksum.Name] = CheckpointChecksum.Of(_texts, _tensors.Select(tensor => (tensor.Name, tensor.Values)));
        SafetensorsWriter.Write(stream, _tensors, _texts);
    }
}
