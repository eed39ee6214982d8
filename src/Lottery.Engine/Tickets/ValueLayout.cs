using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Which values a ticket has of a parameter, and in how many bytes.</summary>
/// <param name="Kind">Trained or signed.</param>
/// <param name="Format">How the weights of a trained ticket are written.</param>
/// <param name="Dense">True where pruned weights are written too.</param>
internal readonly record struct ValueLayout(TicketKind Kind, ValueFormat Format, bool Dense)
{
    /// <summary>The bytes of all values.</summary>
    public long Length(Mask mask)
    {
        long length = 0;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            Parameter parameter = mask.Network.Parameters[p];
            long values = Places(mask, p) is { } places ? places.Count() : parameter.Count;
            length += Of(mask, p) switch
            {
                ValueForm.F16 => 2 * values,
                ValueForm.I8 => sizeof(float) * (long)parameter.Shape[0] + values,
                ValueForm.Signs => sizeof(float) + (values + 7) / 8,
                _ => sizeof(float) * values,
            };
        }
        return length;
    }

    /// <summary>The places of a parameter that are written; null for all.</summary>
    public BitSet? Places(Mask mask, int p) => Dense ? null : mask[p];

    /// <summary>How a parameter is written: weights in the ticket's format, everything else in single precision.</summary>
    public ValueForm Of(Mask mask, int p) => Kind == TicketKind.Signed
        ? mask[p] is null ? ValueForm.F32 : ValueForm.Signs
        : mask.Network.Parameters[p].Role != ParameterRole.Weight ? ValueForm.F32 : (ValueForm)Format;
}

/// <summary>How the values of one parameter are written.</summary>
internal enum ValueForm
{
    /// <inheritdoc cref="ValueFormat.F32"/>
    F32 = ValueFormat.F32,

    /// <inheritdoc cref="ValueFormat.F16"/>
    F16 = ValueFormat.F16,

    /// <inheritdoc cref="ValueFormat.I8"/>
    I8 = ValueFormat.I8,

    /// <summary>One magnitude, and a bit a value, set where it is negative.</summary>
    Signs,
}
