using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/modules.md.</summary>
[TestClass]
public sealed class ModulesTests
{
    private const string Printed = """
        7 x 4 x 2

        """;

    [TestMethod]
    public void AMachineIsPartOfANetworkOfOnesOwn()
    {
        StringBuilder printed = Console.Listen();

        var spec = new NetworkSpec { InputSize = 3, OutputSize = 2, ControllerSize = 8, MemorySlots = 6, MemoryWidth = 4 };
        using var reader = new Reader(spec);
        using var adam = optim.Adam(reader.parameters(), 1e-3);
        using (NewDisposeScope())
        {
            Tensor answers = reader.call(randn(7, 4, 5));
            Tensor loss = nn.functional.binary_cross_entropy_with_logits(answers, zeros_like(answers));
            adam.zero_grad();
            loss.backward();
            adam.step();
            Console.WriteLine(string.Join(" x ", answers.shape));
        }

        Assert.AreEqual(Printed, printed.ToString());
    }

    [TestMethod]
    public void WeightsMoveIntoACellAndBack()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable([new Row { Features = [1, 2, 3], Label = 3 }]);
        SequenceTransformer model = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 3, NumberOfIterations = 2 }).Fit(data);

        using var cell = new LstmNetwork(model.Model.Network);
        cell.Load(model.Model.Parameters);
        SequenceTransformer again = model.WithParameters(cell.ToParameterSet());

        Assert.AreEqual(model.Transform(data).GetColumn<float>("Score").Single(), again.Transform(data).GetColumn<float>("Score").Single());
        var other = new ParameterSet(model.Model.Network with { ControllerSize = 4 });
        Tests.Data.Row.Fails<ArgumentException>(() => model.WithParameters(other), "another network");
    }

    internal sealed class Reader : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _look;
        private readonly NtmCell _machine;

        public Reader(NetworkSpec spec)
            : base(nameof(Reader))
        {
            _look = nn.Linear(5, spec.InputSize);
            _machine = new NtmCell(spec);
            RegisterComponents();
        }

        // [T, B, 5] to [T, B, O]
        public override Tensor forward(Tensor sequence)
        {
            NtmState state = _machine.InitialState(sequence.shape[1]);
            var answers = new List<Tensor>();
            foreach (Tensor step in sequence.unbind())
            {
                (Tensor answer, state) = _machine.call(_look.call(step).tanh(), state);
                answers.Add(answer);
            }
            return stack(answers);
        }
    }

    private sealed class Row
    {
        [VectorType(0, 1)] public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
