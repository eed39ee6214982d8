namespace Lottery.Cuda.Driver;

/// <summary>The functions of NVIDIA's management library that are used; each returns its result code, 0 for success. It comes with most drivers, and nothing needs it.</summary>
internal interface IManagementCalls
{
    /// <summary>Starts the library.</summary>
    int Init();

    /// <summary>The library's handle of a card, by where the driver says that it is: the two number cards differently.</summary>
    int DeviceByBusId(string id, out nint device);

    /// <summary>The share of the last moments in which a kernel ran, in percent.</summary>
    int Utilization(nint device, out int percent);
}
