using Lottery.Report.Drawing;

namespace Lottery.UnitTests.Report.Drawing;

/// <summary>How people see colours.</summary>
public enum ColourVision
{
    Normal,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

/// <summary>The difference of two colours (CIEDE2000) as it is seen, also with a colour vision deficiency (Machado et al. 2009).</summary>
internal static class ColourDistance
{
    private static readonly double[][] s_toXyz =
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];

    private static readonly Dictionary<ColourVision, double[][]> s_seen = new()
    {
        [ColourVision.Normal] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [ColourVision.Protanopia] = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [ColourVision.Deuteranopia] = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [ColourVision.Tritanopia] = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    };

    public static (double L, double A, double B) Lab(Rgb colour, ColourVision vision)
    {
        double[] seen = [.. Product(s_seen[vision], [Rgb.Linear(colour.R), Rgb.Linear(colour.G), Rgb.Linear(colour.B)]).Select(value => Math.Clamp(value, 0, 1))];
        double[] xyz = Product(s_toXyz, seen);
        (double x, double y, double z) = (F(xyz[0] / 0.95047), F(xyz[1]), F(xyz[2] / 1.08883));
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));
        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    public static double Between(Rgb one, Rgb other, ColourVision vision)
    {
        (double l1, double a1, double b1) = Lab(one, vision);
        (double l2, double a2, double b2) = Lab(other, vision);
        double mean = Math.Pow((Hypot(a1, b1) + Hypot(a2, b2)) / 2, 7), g = 0.5 * (1 - Math.Sqrt(mean / (mean + Math.Pow(25, 7))));
        (a1, a2) = ((1 + g) * a1, (1 + g) * a2);
        (double c1, double c2) = (Hypot(a1, b1), Hypot(a2, b2));
        (double h1, double h2) = (Hue(a1, b1), Hue(a2, b2));
        double turn = c1 * c2 == 0 ? 0 : h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
        double hue = c1 * c2 == 0 ? h1 + h2 : Math.Abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2;
        (double lightness, double chroma) = ((l1 + l2) / 2, (c1 + c2) / 2);
        double t = 1 - 0.17 * Cos(hue - 30) + 0.24 * Cos(2 * hue) + 0.32 * Cos(3 * hue + 6) - 0.2 * Cos(4 * hue - 63);
        double dl = (l2 - l1) / (1 + 0.015 * Square(lightness - 50) / Math.Sqrt(20 + Square(lightness - 50)));
        double dc = (c2 - c1) / (1 + 0.045 * chroma), dh = 2 * Math.Sqrt(c1 * c2) * Math.Sin(turn * Math.PI / 360) / (1 + 0.015 * chroma * t);
        double power = Math.Pow(chroma, 7), rotation = -2 * Math.Sqrt(power / (power + Math.Pow(25, 7))) * Math.Sin(Math.PI / 3 * Math.Exp(-Square((hue - 275) / 25)));
        return Math.Sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh);
    }

    private static double[] Product(double[][] matrix, double[] vector) => [.. matrix.Select(row => row.Zip(vector, (a, b) => a * b).Sum())];

    private static double Hypot(double a, double b) => Math.Sqrt(a * a + b * b);

    private static double Hue(double a, double b) => (Math.Atan2(b, a) * 180 / Math.PI + 360) % 360;

    private static double Cos(double degrees) => Math.Cos(degrees * Math.PI / 180);

    private static double Square(double value) => value * value;
}
