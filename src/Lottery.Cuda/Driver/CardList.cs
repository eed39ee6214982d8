using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Cuda.Driver;

/// <summary>A card of this machine.</summary>
/// <param name="Number">What <c>--device cuda:N</c> calls it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Capability">Its compute capability, as in "9.0".</param>
/// <param name="Multiprocessors">Its processors.</param>
/// <param name="TotalBytes">Its memory.</param>
/// <param name="FreeBytes">Memory that nothing uses; null if the card does not tell, or <paramref name="Problem"/> says why.</param>
/// <param name="Problem">Why it cannot be used; null if it can.</param>
internal sealed record Card(
    int Number, string Name, string Capability, int Multiprocessors, long TotalBytes, long? FreeBytes, string? Problem)
{
    /// <summary>The most bytes of shared memory that a block can have.</summary>
    public int SharedBytes { get; init; }

    /// <summary>Cycles of a multiprocessor a second, at most; 0 if the card does not tell.</summary>
    public double Clock { get; init; }

    /// <summary>Bytes that its memory moves a second, at most; 0 if the card does not tell.</summary>
    public double MemoryRate { get; init; }
}

/// <summary>The cards of this machine, or why there are none.</summary>
/// <param name="Missing">Why no card can be used; null if there are some.</param>
/// <param name="Driver">The newest CUDA that the driver knows, as in "13.0"; null without a driver.</param>
/// <param name="Cards">The cards, in the driver's order.</param>
internal sealed record CardList(string? Missing, string? Driver, ImmutableArray<Card> Cards)
{
    private const int MajorAttribute = 75, MinorAttribute = 76, ClockAttribute = 13, MemoryClockAttribute = 36, MemoryWidthAttribute = 37;

    /// <summary>CUDA 11.4, which came with driver 470: the first with every function that is called.</summary>
    private const int OldestVersion = 11_040;

    /// <summary>Asks the driver.</summary>
    public static CardList Find(IDriverCalls? driver = null)
    {
        driver ??= new NativeDriver();
        string? version = null;
        try
        {
            version = Start(driver);
            DriverErrors.Check(driver.DeviceGetCount(out int count), "counting cards");
            if (count == 0) throw DriverErrors.Exception(100, "counting cards");
            return new(null, version, [.. Enumerable.Range(0, count).Select(number => Of(driver, number))]);
        }
        catch (DeviceException fault)
        {
            return new(fault.Message, version, []);
        }
    }

    /// <summary>Starts the driver, and tells the newest CUDA that it knows.</summary>
    /// <exception cref="DeviceException">There is no driver, or it is too old.</exception>
    public static string Start(IDriverCalls driver)
    {
        DriverErrors.Check(driver.Init(), "starting");
        DriverErrors.Check(driver.DriverGetVersion(out int version), "telling its version");
        if (version < OldestVersion) throw DriverErrors.Exception(DriverErrors.NoFunction, "starting");
        return string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
    }

    /// <summary>A card's compute capability: whether it runs the kernels, and as text.</summary>
    /// <exception cref="DeviceException">The card does not tell.</exception>
    public static (bool Suffices, string Text) CapabilityOf(IDriverCalls driver, int device)
    {
        DriverErrors.Check(driver.DeviceGetAttribute(out int major, MajorAttribute, device), "telling its capability");
        DriverErrors.Check(driver.DeviceGetAttribute(out int minor, MinorAttribute, device), "telling its capability");
        return (major >= 7, string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}"));
    }

    private static Card Of(IDriverCalls driver, int number)
    {
        DriverErrors.Check(driver.DeviceGet(out int device, number), "looking for a card");
        string name = CudaDevice.NameOf(driver, device);
        DriverErrors.Check(driver.DeviceTotalMem(out nuint total, device), "telling its memory", name);
        var card = new Card(number, name, CapabilityOf(driver, device).Text, 0, (long)total, null, null);
        try
        {
            using var opened = new CudaDevice(number, driver);
            return card with
            {
                Multiprocessors = opened.Multiprocessors, FreeBytes = opened.FreeBytes, SharedBytes = opened.SharedBytes, Clock = 1e3 * Attribute(ClockAttribute),
                // Bits of the bus in bytes, at both edges of the clock.
                MemoryRate = 1e3 * Attribute(MemoryClockAttribute) * Attribute(MemoryWidthAttribute) / 8 * 2,
            };
        }
        catch (DeviceException fault)
        {
            return card with { Problem = fault.Message };
        }

        // Speeds are needed for an estimate only; a card that does not state them can be used.
        double Attribute(int attribute) => driver.DeviceGetAttribute(out int value, attribute, device) == 0 ? Math.Max(0, value) : 0;
    }
}
