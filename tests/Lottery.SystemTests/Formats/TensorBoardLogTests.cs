using Lottery.Formats.Logs;

namespace Lottery.SystemTests.Formats;

/// <summary>A second reader, in Python, finds in event files what was logged.</summary>
public sealed class TensorBoardLogTests
{
    [Fact]
    public void Plain_Python_reads_the_event_files()
    {
        Assert.SkipUnless(DebianPython.Has("struct"), "There is no python3 here.");
        using var folder = new TemporaryFolder();
        var run = new LoggedRun("0123abcd", "tiny-seed0-level1-0123abcd", [("network", "tiny")]);
        using (MetricsLog log = MetricsLog.Create($"tensorboard:{folder["board"]}"))
        {
            log.Write(run, 0, DateTimeOffset.UnixEpoch, "evaluation", [("validation_loss", 2.5), ("training_loss", double.NaN)]);
            log.Write(run, 70_000, DateTimeOffset.UnixEpoch, "evaluation", [("validation_loss", 0.1), ("validation_accuracy", 0.75)]);
            log.Write(run, 70_000, DateTimeOffset.UnixEpoch, "result", [("density", 0.036), ("kept", 9_583)]);
        }
        string file = Assert.Single(Directory.GetFiles(folder["board"], "*", SearchOption.AllDirectories));
        (int code, string said, string error) = DebianPython.Run(Repository.At("tests/Lottery.SystemTests/Formats/read_events.py"), file);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            [
                "brain.Event:2", "0 evaluation/validation_loss 2.5", "70000 evaluation/validation_loss 0.100000001", "70000 evaluation/validation_accuracy 0.75",
                "70000 result/density 0.0359999985", "70000 result/kept 9583",
            ],
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
