using System.CommandLine;
using System.Globalization;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Cli.Options;

/// <summary><c>--rate conv=0.1,fc=0.2,output=0.1</c>; kinds left out keep the papers' rates.</summary>
internal sealed class RateOption : Option<string>
{
    private static readonly string[] s_kinds = ["conv", "fc", "output"];

    public RateOption() : base("--rate")
    {
        Description = "The share of the kept weights that a level removes, by kind of layer; kinds left out keep their default.";
        HelpName = "KIND=RATE,…";
        DefaultValueFactory = _ => string.Create(
            CultureInfo.InvariantCulture, $"conv={Default.Conv:0.##},fc={Default.Fc:0.##},output={Default.Output:0.##}");
    }

    private static PruneRates Default { get; } = Of(new());

    /// <summary>The rates given.</summary>
    /// <exception cref="UserException">One is not written as it must be, or is not a share that can be removed.</exception>
    public PruneRates Of(ParseResult parsed)
    {
        PruneRates rates = Default;
        foreach (string part in parsed.GetValue(this)!.Split(','))
        {
            (string kind, decimal rate) = Read(part);
            rates = kind switch
            {
                "conv" => rates with { Conv = rate },
                "fc" => rates with { Fc = rate },
                _ => rates with { Output = rate },
            };
        }
        return rates;
    }

    private static PruneRates Of(PruningSettings settings) => new(settings.Conv, settings.Fc, settings.Output);

    private static (string Kind, decimal Rate) Read(string part)
    {
        if (part.Split('=') is not [string kind, string number])
            throw new UserException($"--rate has '{part}', but must be written as in conv=0.1,fc=0.2,output=0.1.");
        if (!s_kinds.Contains(kind))
            throw new UserException($"--rate knows no kind of layer '{kind}'{Suggestion.Ending(kind, s_kinds)}");
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(number, style, CultureInfo.InvariantCulture, out decimal rate) && rate is >= 0 and < 1
            ? (kind, rate)
            : throw new UserException($"--rate has {part}, but a rate is the share that a level removes, at least 0 and below 1.");
    }
}
