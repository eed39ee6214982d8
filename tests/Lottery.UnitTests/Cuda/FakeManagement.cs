using Lottery.Cuda.Driver;

namespace Lottery.UnitTests.Cuda;

/// <summary>Answers in the management library's place.</summary>
internal sealed class FakeManagement : IManagementCalls
{
    /// <summary>The call that fails.</summary>
    public string Fails { get; set; } = "";

    /// <summary>How busy the card is.</summary>
    public int Percent { get; init; }

    /// <summary>What was called, in order.</summary>
    public List<string> Calls { get; } = [];

    public int Init() => Call("Init");

    public int DeviceByBusId(string id, out nint device)
    {
        device = 5;
        return Call($"DeviceByBusId {id}");
    }

    public int Utilization(nint device, out int percent)
    {
        percent = Percent;
        return Call($"Utilization {device}");
    }

    private int Call(string name)
    {
        Calls.Add(name);
        return name.Split(' ')[0] == Fails ? 999 : 0;
    }
}
