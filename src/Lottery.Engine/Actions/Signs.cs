namespace Lottery.Actions;

/// <summary>Signs, where 0 has none.</summary>
internal static class Signs
{
    /// <summary>1 above zero, −1 below, 0 otherwise.</summary>
    internal static double Of(double value) => value > 0.0 ? 1.0 : value < 0.0 ? -1.0 : 0.0;

    /// <summary><paramref name="value"/> with the sign of <paramref name="initial"/>; as it is where that is 0.</summary>
    internal static float Keep(float initial, float value) =>
        initial > 0.0f ? MathF.Abs(value) : initial < 0.0f ? -MathF.Abs(value) : value;
}
