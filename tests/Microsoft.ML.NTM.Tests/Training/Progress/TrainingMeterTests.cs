using System.Diagnostics.Metrics;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training.Progress;

[TestClass]
[DoNotParallelize]
public sealed class TrainingMeterTests
{
    [TestMethod]
    public void AListenerHearsEachReportOfATraining()
    {
        var heard = new List<(string Name, double Value)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Microsoft.ML.NTM")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => heard.Add((instrument.Name, value)));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => heard.Add((instrument.Name, value)));
        listener.Start();
        var ml = new MLContext(1);
        NtmTrainer.Options options = SmallNtm.Options(6);
        (options.ReportInterval, options.ValidationInterval) = (3, 3);
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml), SmallNtm.Data(ml, 4));
        TrainingProgress[] reports = [.. model.Model.History!.Reports];

        double[] Of(string name) => [.. heard.Where(one => one.Name == $"ntm.training.{name}").Select(one => one.Value)];
        Assert.HasCount(2, reports);
        CollectionAssert.AreEqual(reports.Select(report => report.Loss).ToArray(), Of("loss"));
        CollectionAssert.AreEqual(reports.Select(report => report.ValidationLoss!.Value).ToArray(), Of("validation_loss"));
        CollectionAssert.AreEqual(reports.Select(report => report.LearningRate).ToArray(), Of("learning_rate"));
        CollectionAssert.AreEqual(reports.Select(report => report.GradientNorm).ToArray(), Of("gradient_norm"));
        CollectionAssert.AreEqual(reports.Select(report => report.SequencesPerSecond).ToArray(), Of("speed"));
        CollectionAssert.AreEqual(new double[] { 3, 6 }, Of("iteration"));
        CollectionAssert.AreEqual(new double[] { 0, 0 }, Of("skipped_steps"));
    }

    [TestMethod]
    public void WithNobodyListeningNothingIsAllocated()
    {
        TrainingProgress progress = SomeProgress.At(1, validation: 1);
        TrainingMeter.Record(progress);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            TrainingMeter.Record(progress);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
