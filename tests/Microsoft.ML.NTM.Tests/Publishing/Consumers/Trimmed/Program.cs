using Microsoft.ML;

System.Console.WriteLine(new MLContext().Sequence.Trainers.Lstm().Info.NeedNormalization);
