using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Cuda.Training;

/// <summary>What moves values by their gradient, all laid out like a plan's values.</summary>
/// <param name="optimizer">The rule.</param>
/// <param name="values">The address of what is moved.</param>
/// <param name="moments">The address of each moment: two of Adam, one of SGD.</param>
/// <param name="gradient">The address of the gradient.</param>
/// <param name="trained">The address of a bit for each value (<see cref="ParameterLayout.Trained"/>); 0 if all are trained.</param>
/// <param name="cursor">The address of the cursor.</param>
internal sealed class UpdateLaunches(Optimizer optimizer, ulong values, ulong[] moments, ulong gradient, ulong trained, ulong cursor)
{
    /// <summary>The number of moments of an optimizer.</summary>
    public static int MomentsOf(Optimizer optimizer) => optimizer is Sgd ? 1 : 2;

    /// <summary>Moves <paramref name="count"/> values from <paramref name="start"/> on, both multiples of 16.</summary>
    public Launch Move(int start, int count)
    {
        ulong at = 4 * (ulong)start, bits = trained == 0 ? 0 : trained + (ulong)start / 8;
        return optimizer is Sgd
            ? new("update/sgd", ElementwiseLaunches.Blocks(count), 256, values + at, moments[0] + at, gradient + at, bits, Launch.Argument(count), cursor)
            : new("update/adam", ElementwiseLaunches.Blocks(count), 256,
                values + at, moments[0] + at, moments[1] + at, gradient + at, bits, Launch.Argument(count), cursor);
    }
}
