using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

internal static class RunMeasures
{
    extension(RunSummary run)
    {
        public double DensityOfAllWeights => run.Density;
    }
}
