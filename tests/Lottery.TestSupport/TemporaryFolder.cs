namespace Lottery.TestSupport;

/// <summary>A folder that is there for one test.</summary>
/// <param name="inMemory">Whether it is in memory where the system has such a file system: for tests that flush files thousands of times.</param>
internal sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = inMemory && Directory.Exists(Memory)
        ? Directory.CreateDirectory($"{Memory}/lottery-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("lottery-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
