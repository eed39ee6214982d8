namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants) =>
        Kernels.AdamUpdate.Fast<TWide>(w, m, v, g, count, constants);

    protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants) =>
        Kernels.SgdUpdate.Fast<TWide>(w, v, g, count, constants);

    protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
        Kernels.Freeze.Fast<TWide>(value, frozen, trained, count);
}
