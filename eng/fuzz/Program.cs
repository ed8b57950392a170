using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using SharpFuzz;

// Fuzz seeds KIND FOLDER: writes sound files. Fuzz KIND: reads what AFL gives, as a file of that kind.
var ml = new MLContext(1);
string kind = args[^(args[0] == "seeds" ? 2 : 1)];
if (args[0] == "seeds")
{
    Directory.CreateDirectory(args[2]);
    foreach (NetworkKind network in Enum.GetValues<NetworkKind>())
        File.WriteAllBytes(Path.Combine(args[2], $"{network}"), Seed(network));
    return;
}

string scratch = Path.Combine(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}.safetensors");
SequenceStepEngine<Step, Answer>? engine = kind == "state" ? Engine(NetworkKind.Ntm) : null;
Fuzzer.OutOfProcess.Run(stream =>
{
    var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    try
    {
        Read(bytes.ToArray());
    }
    catch (Exception fault) when (IsRefusal(fault))
    {
        // That is what should happen.
    }
});

void Read(byte[] file)
{
    switch (kind)
    {
        case "weights":
            File.WriteAllBytes(scratch, file);
            ml.Sequence.LoadSafetensors(scratch).Dispose();
            break;
        case "state":
            SequenceStepEngine<Step, Answer> own = engine!.Clone();
            own.LoadState(file);
            if (!float.IsFinite(own.Step(new Step { Features = [1, 0] }).Score))
                throw new InvalidOperationException("A score is not finite.");
            break;
        default:
            ml.Model.Load(new MemoryStream(file), out _);
            break;
    }
}

// One clear error of ours; ML.NET's own parts of a model have its own errors.
bool IsRefusal(Exception fault)
{
    for (Exception? each = fault; each is not null; each = each.InnerException)
    {
        if (each.Message.Length > 1_000 && kind != "model")
            return false;
    }
    return fault is InvalidDataException or ArgumentException || kind == "model";
}

byte[] Seed(NetworkKind network)
{
    using SequenceTransformer model = Fit(network, out IDataView data);
    string path = Path.GetTempFileName();
    switch (kind)
    {
        case "weights":
            model.ExportSafetensors(path);
            break;
        case "state":
            SequenceStepEngine<Step, Answer> steps = Engine(NetworkKind.Ntm);
            for (int i = 0; i <= (int)network; i++)
                steps.Step(new Step { Features = [1, i] });
            File.WriteAllBytes(path, steps.SaveState());
            break;
        default:
            ml.Model.Save(model, data.Schema, path);
            break;
    }
    return File.ReadAllBytes(path);
}

SequenceStepEngine<Step, Answer> Engine(NetworkKind network) => ml.Sequence.CreateStepEngine<Step, Answer>(Fit(network, out _));

SequenceTransformer Fit(NetworkKind network, out IDataView data)
{
    data = ml.Data.LoadFromEnumerable([new Step { Features = [1, 0], Label = 1 }, new Step { Features = [0, 1, 1, 1], Label = 0 }]);
    return network switch
    {
        NetworkKind.Ntm => ml.Sequence.Trainers.Ntm(new()
        {
            ControllerSize = 2,
            MemorySlots = 3,
            MemoryWidth = 2,
            NumberOfIterations = 1,
        }).Fit(data),
        NetworkKind.Dnc => ml.Sequence.Trainers.Dnc(new()
        {
            ControllerSize = 2,
            MemorySlots = 3,
            MemoryWidth = 2,
            NumberOfIterations = 1,
        }).Fit(data),
        _ => ml.Sequence.Trainers.Lstm(new() { ControllerSize = 2, NumberOfIterations = 1 }).Fit(data),
    };
}

internal sealed class Step
{
    [VectorType(0, 2)]
    public float[] Features { get; set; } = [];
    public float Label { get; set; }
}

internal sealed class Answer
{
    public float Score { get; set; }
}
