using Lottery.Cuda.Driver;

namespace Lottery.UnitTests.Cuda;

/// <summary>Every error of a card is one sentence that says what to do.</summary>
public class DriverErrorTests
{
    private static readonly Launch s_advance = new("update/advance", 1, 32, 8, 72);

    [Theory]
    [InlineData(-1, "No NVIDIA driver was found (libcuda.so.1, on Windows nvcuda.dll)")]
    [InlineData(-2, "The NVIDIA driver is too old for these kernels; install version 470 or later")]
    [InlineData(34, "The NVIDIA driver library is a stub")]
    [InlineData(100, "The NVIDIA driver finds no card; check 'nvidia-smi' and CUDA_VISIBLE_DEVICES")]
    [InlineData(803, "The NVIDIA driver is too old")]
    [InlineData(999, "The NVIDIA driver does not answer any more (error 999) while starting")]
    public void Without_a_driver_there_is_no_card(int result, string sentence)
    {
        var driver = new FakeDriver { Fails = { ["Init"] = result } };
        DeviceException fault = Assert.Throws<DeviceException>(() => new CudaDevice(driver: driver));
        Assert.StartsWith(sentence, fault.Message, StringComparison.Ordinal);
        CardList list = CardList.Find(driver);
        Assert.Equal((fault.Message, (string?)null, 0), (list.Missing, list.Driver, list.Cards.Length));
    }

    [Fact]
    public void An_old_driver_is_named()
    {
        var driver = new FakeDriver { Version = 11_030 };
        Assert.Equal(DeviceFault.Missing, Assert.Throws<DeviceException>(() => new CudaDevice(driver: driver)).Fault);
        Assert.Contains("470 or later", CardList.Find(driver).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_without_cards_says_so() =>
        Assert.Contains("finds no card", CardList.Find(new FakeDriver { Cards = 0 }).Missing, StringComparison.Ordinal);

    [Fact]
    public void Cards_are_listed()
    {
        CardList list = CardList.Find(new FakeDriver { Cards = 2 });
        Assert.Equal((null, "12.4"), (list.Missing, list.Driver));
        Card first = new(0, "Card 0", "9.0", 132, 80 << 20, 3L << 30, null) { SharedBytes = 200_000, Clock = 1.98e9, MemoryRate = 3.35232e12 };
        Assert.Equal([first, first with { Number = 1, Name = "Card 1" }], list.Cards);
    }

    [Theory]
    [InlineData("PrimaryContextRetain", 46, "Card 0 is used by another process alone")]
    [InlineData("PrimaryContextRetain", 2, "Card 0 ran out of memory while starting")]
    [InlineData("MemGetInfo", 719, "Card 0 does not answer any more (error 719) while telling its free memory")]
    public void A_card_that_cannot_be_used_is_listed_with_the_reason(string call, int result, string sentence)
    {
        Card card = Assert.Single(CardList.Find(new FakeDriver { Fails = { [call] = result } }).Cards);
        Assert.StartsWith(sentence, card.Problem, StringComparison.Ordinal);
        Assert.Null(card.FreeBytes);
    }

    [Fact]
    public void An_old_card_is_named()
    {
        var driver = new FakeDriver { Major = 6 };
        Assert.Equal("Card 0 is too old for these kernels: they need compute capability 7.0 (Volta) or later; use --device cpu.",
            Assert.Throws<DeviceException>(() => new CudaDevice(driver: driver)).Message);
    }

    [Fact]
    public void A_card_that_is_not_there_is_named() => Assert.Equal("There is no card of that number; 'lottery doctor' lists them.",
        Assert.Throws<DeviceException>(() => new CudaDevice(3, new FakeDriver())).Message);

    [Fact]
    public void Memory_that_is_full_is_told_with_its_size()
    {
        using var device = new CudaDevice(driver: new FakeDriver { Fails = { ["MemAlloc"] = 2 } });
        DeviceException fault = Assert.Throws<DeviceException>(() => device.Allocate(5L << 30));
        Assert.Equal(DeviceFault.OutOfMemory, fault.Fault);
        Assert.StartsWith("Card 0 has 3,072 MiB of free memory, and this step needs 5,120 MiB;", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GraphLaunch", 2, DeviceFault.OutOfMemory)]
    [InlineData("GraphLaunch", 999, DeviceFault.Lost)]
    [InlineData("StreamSynchronize", 719, DeviceFault.Lost)]
    [InlineData("StreamSynchronize", 214, DeviceFault.Lost)]
    [InlineData("StreamSynchronize", 702, DeviceFault.Lost)]
    [InlineData("StreamSynchronize", 700, DeviceFault.Wrong)]
    [InlineData("LaunchKernel", 701, DeviceFault.Wrong)]
    [InlineData("ModuleLoadData", 218, DeviceFault.Wrong)]
    [InlineData("ModuleLoadData", 222, DeviceFault.Missing)]
    [InlineData("ModuleLoadData", 209, DeviceFault.Missing)]
    [InlineData("ModuleGetFunction", 500, DeviceFault.Wrong)]
    [InlineData("StreamBeginCapture", 1, DeviceFault.Wrong)]
    [InlineData("StreamEndCapture", 901, DeviceFault.Wrong)]
    [InlineData("GraphInstantiate", 2, DeviceFault.OutOfMemory)]
    [InlineData("StreamCreate", 2, DeviceFault.OutOfMemory)]
    [InlineData("ContextSetCurrent", 709, DeviceFault.Wrong)]
    [InlineData("MemcpyDtoHAsync", 46, DeviceFault.Missing)]
    public void An_error_in_the_middle_of_the_work_says_what_was_done(string call, int result, object meaning)
    {
        var driver = new FakeDriver();
        using var device = new CudaDevice(driver: driver);
        driver.Fails[call] = result;
        DeviceException fault = Assert.Throws<DeviceException>(() =>
        {
            using ICommands commands = device.NewStream();
            using IGraph graph = commands.Record(c => c.Run(s_advance));
            graph.Launch();
            commands.Read<int>(8, 1);
        });
        Assert.Equal(meaning, fault.Fault);
        Assert.Matches("^(Card 0|The NVIDIA driver) .*[;.:]", fault.Message);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the number, there is a sentence.</summary>
    [Fact]
    public void Every_result_has_a_sentence()
    {
        for (int result = -2; result < 1_000; result++)
        {
            if (result == 0) continue;
            string sentence = DriverErrors.Exception(result, "running kernels", "Card 0").Message;
            Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        }
        DriverErrors.Check(0, "anything");
    }

    [Fact]
    public void Without_a_driver_on_this_machine_nothing_breaks()
    {
        CardList list = CardList.Find();
        Assert.Equal(list.Cards.IsEmpty, list.Missing is not null);
    }
}
