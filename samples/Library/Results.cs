using Lottery.Formats;
using Lottery.Formats.Images;
using Lottery.Formats.Networks;
using Lottery.Formats.Npz;
using Lottery.Formats.Onnx;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.Report.Pages;
using Lottery.Search;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tickets;

namespace Lottery.Samples;

/// <summary>What comes after a search: runs in a store, a report, a ticket, files for other programs, predictions.</summary>
internal static class Results
{
    /// <summary>Searches in a folder, where finished runs are found again, and writes the report.</summary>
    public static void Store(string folder, string network, string data)
    {
        var store = new RunStore(folder);
        var search = new TicketSearch(NetworkFile.Get(network), DataSource.Load(data).Split(validation: 1_000, seed: 1))
        {
            Pruning = new() { Levels = 3 }, Training = new() { Steps = 1_000 }, Runs = store,
        };
        string[] ids = [.. search.Plan(seed: 1).Select(RunIdentity.Of)];
        foreach (Level level in search.Run(seed: 1)) Console.WriteLine($"{level.Number} {level.Ticket.Metrics.Loss:F3}");
        foreach (RunSummary run in store.List().Where(run => ids.Contains(run.Id)))
            Console.WriteLine($"{RunIdentity.Short(run.Id)} {run.Network} {run.Density:P1} {run.Metrics.Accuracy:P2}");
        File.WriteAllText("report.html", RunReport.Create(store, ids).WriteHtml());
    }

    /// <summary>A run as a ticket, and as files that PyTorch, NumPy and ONNX Runtime read.</summary>
    public static void Export(RunResult run)
    {
        (Ticket.FromTrained(run.Mask, run.Best, ValueFormat.F16) with { Provenance = new() { Data = "mnist" } }).Save("digits.ticket");
        Tensor[] tensors = [.. NetworkTensors.Of(run.Best), .. NetworkTensors.Of(run.Mask)];
        File.WriteAllBytes("digits.safetensors", SafetensorsWriter.Write(tensors));
        File.WriteAllBytes("digits.npz", NpzWriter.Write(tensors));
        File.WriteAllBytes("digits.onnx", OnnxWriter.Write(run.Best));
        foreach (Tensor tensor in SafetensorsReader.Read("digits.safetensors"))
            Console.WriteLine($"{tensor.Name} {string.Join('×', tensor.Shape)} {tensor.Type}");
    }

    public static int Predict(Ticket ticket, string image)
    {
        using var predictor = new Predictor(ticket);
        return predictor.Predict(ImageInput.Read(image, ticket.Network.Input));
    }

    /// <summary>The weights of each layer that are kept.</summary>
    public static void Print(Mask mask)
    {
        for (int i = 0; i < mask.Network.Parameters.Length; i++)
            if (mask[i] is { } kept) Console.WriteLine($"{mask.Network.Parameters[i].Name}: {kept.Count():N0} of {kept.Length:N0}");
        foreach (Layer layer in mask.Network.AllLayers)
            if (layer is Convolution { Kernel: 1 }) Console.WriteLine($"{layer.Name} mixes channels only");
    }
}
