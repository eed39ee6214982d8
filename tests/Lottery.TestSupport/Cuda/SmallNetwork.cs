using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.TestSupport.Cuda;

/// <summary>Networks of the catalogue as small as an emulator needs them.</summary>
internal static partial class SmallNetwork
{
    /// <summary>
    /// A convolutional network with an eighth of its channels on images of 16 × 16 (VGG-19, which pools five times: a sixteenth on whole
    /// images); a fully connected one as it is.
    /// </summary>
    public static Network Of(string name)
    {
        Network whole = NetworkCatalogue.Get(name);
        if (whole.Input.IsFlat) return whole;
        string description = whole.Description;
        if (name != "vgg-19") description = description.Replace("3x32x32", "3x16x16", StringComparison.Ordinal);
        return NetworkReader.Read(Widths().Replace(description, match =>
            match.Value[..^match.Groups[1].Length] + Part(match.Groups[1].Value, of: name == "vgg-19" ? 16 : 8)), "small " + name);
    }

    private static string Part(string channels, int of) => (int.Parse(channels, CultureInfo.InvariantCulture) / of).ToString(CultureInfo.InvariantCulture);

    /// <summary>Channels of convolutions and shortcuts, and units of hidden layers.</summary>
    [GeneratedRegex(@"(?:conv\(|zero-pad\(|fc\d=linear\()(\d+)")]
    private static partial Regex Widths();
}
