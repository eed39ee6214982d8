using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants) =>
        Lottery.Kernels.AdamUpdate.Reference(w, m, v, g, count, constants);

    protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants) =>
        Lottery.Kernels.SgdUpdate.Reference(w, v, g, count, constants);

    protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
        Lottery.Kernels.Freeze.Reference(value, frozen, trained, count);
}
