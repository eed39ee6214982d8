using Lottery.Cuda.Driver;

namespace Lottery.UnitTests.Cuda;

/// <summary>What is asked of the driver, and in which order.</summary>
public class CudaDeviceTests
{
    private static readonly Launch s_advance = new("update/advance", 1, 1, 1, 32, 0, [0x1122334455667788, 72]);

    [Fact]
    public void Arguments_reach_the_driver()
    {
        var driver = new FakeDriver { Reads = 2 };
        using var device = new CudaDevice(driver: driver);
        using ICommands commands = device.NewStream();
        commands.Run(s_advance);
        Assert.Equal([0x1122334455667788, 72], Assert.Single(driver.Arguments));
        Assert.Contains("LaunchKernel 1 1 1 32 0", driver.Calls);
        Assert.Equal(("Card 0", 132), (device.Name, device.Multiprocessors));
    }

    [Fact]
    public void A_family_is_loaded_once_and_a_kernel_found_once()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        using ICommands one = device.NewStream(), two = device.NewStream();
        one.Run(s_advance);
        two.Run(s_advance);
        two.Run(new("update/sgd", 1, 256, 0, 0, 0, 0, 0, 0));
        Assert.Single(driver.Calls, "ModuleLoadData");
        Assert.Single(driver.Calls, "ModuleGetFunction advance");
        Assert.Single(driver.Calls, "ModuleGetFunction sgd");
    }

    [Fact]
    public void Kernels_are_loaded_before_a_recording_begins()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        using ICommands commands = device.NewStream();
        using (IGraph graph = commands.Record(c =>
        {
            c.Fill(8, 0, 4);
            c.Run(s_advance);
        }))
        {
            int begin = driver.Calls.IndexOf("StreamBeginCapture"), end = driver.Calls.IndexOf("StreamEndCapture");
            Assert.InRange(driver.Calls.IndexOf("ModuleLoadData"), 0, begin);
            Assert.Equal(["MemsetD32Async 4", "LaunchKernel 1 1 1 32 0"], driver.Calls[(begin + 1)..end]);
            graph.Launch();
            graph.Launch();
            Assert.Equal(2, driver.Calls.Count(call => call == "GraphLaunch"));
        }
        Assert.Single(driver.Calls, "GraphExecDestroy");
        Assert.Single(driver.Calls, "GraphDestroy");
    }

    [Fact]
    public void A_recording_that_fails_is_ended()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        using ICommands commands = device.NewStream();
        int calls = 0;
        Assert.Throws<NotSupportedException>(() => commands.Record(_ =>
        {
            if (calls++ > 0) throw new NotSupportedException();
        }));
        Assert.Equal("StreamEndCapture", driver.Calls[^1]);
        Assert.Throws<InvalidOperationException>(() => commands.Record(c => c.Write(8, [1])));
        commands.Synchronize();
    }

    [Fact]
    public void Much_shared_memory_is_asked_for_once()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        using ICommands commands = device.NewStream();
        foreach (int shared in (int[])[1_000, 100_000, 90_000, 120_000, 120_000]) commands.Run(s_advance with { Shared = shared });
        Assert.Equal(["FuncSetAttribute 8 100000", "FuncSetAttribute 8 120000"], driver.Calls.Where(call => call.StartsWith("FuncSet", StringComparison.Ordinal)));
        Assert.Contains("200,000 bytes of shared memory", Assert.Throws<DeviceException>(
            () => commands.Run(s_advance with { Shared = 200_001 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_cleared_before_it_is_given_and_given_back_once()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        DeviceMemory memory = device.Allocate(10);
        Assert.Equal(["MemAlloc", "MemsetD32Async 3", "StreamSynchronize"], driver.Calls[^3..]);
        Assert.Equal(10, memory.Bytes);
        memory.Dispose();
        memory.Dispose();
        Assert.Single(driver.Calls, "MemFree");
    }

    [Fact]
    public void Reading_waits_for_what_was_given_before()
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        using ICommands commands = device.NewStream();
        commands.Write(8, [1.0, 2.0]);
        commands.Read<int>(8, 5);
        Assert.Equal(["MemcpyHtoDAsync 16", "StreamSynchronize", "MemcpyDtoHAsync 20", "StreamSynchronize"], driver.Calls[^4..]);
    }

    [Fact]
    public void How_busy_a_card_is_is_asked_of_the_management_library_by_where_the_card_is()
    {
        var management = new FakeManagement { Percent = 93 };
        using var device = new CudaDevice(driver: new FakeDriver(), management: management);
        Assert.Equal((93, 93, 80L << 20), (device.Utilization, device.Utilization, device.TotalBytes));
        Assert.Equal(["Init", "DeviceByBusId 0000:01:00.0", "Utilization 5", "Utilization 5"], management.Calls);
        management.Fails = "Utilization";
        Assert.Null(device.Utilization);
    }

    [Theory]
    [InlineData("Init")]
    [InlineData("DeviceByBusId")]
    public void Without_the_management_library_that_is_not_known(string fails)
    {
        var management = new FakeManagement { Fails = fails };
        using var device = new CudaDevice(driver: new FakeDriver(), management: management);
        Assert.Null(device.Utilization);
        Assert.Null(device.Utilization);
        Assert.Single(management.Calls, "Init");
        using var plain = new CudaDevice(driver: new FakeDriver());
        Assert.Null(plain.Utilization);
    }

    [Fact]
    public void A_card_is_given_back()
    {
        var driver = new FakeDriver();
        var device = new CudaDevice(driver: driver);
        ICommands commands = device.NewStream();
        DeviceMemory memory = device.Allocate(10);
        commands.Run(s_advance);
        commands.Dispose();
        device.Dispose();
        device.Dispose();
        memory.Dispose();
        Assert.Equal(["StreamSynchronize", "StreamDestroy", "ModuleUnload", "PrimaryContextRelease"], driver.Calls[^4..]);
        Assert.Throws<ObjectDisposedException>(() => device.Allocate(4));
        Assert.Throws<ObjectDisposedException>(() => commands.Synchronize());
    }
}
