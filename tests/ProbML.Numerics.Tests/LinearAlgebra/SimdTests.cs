using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class SimdTests
{
    [Fact]
    public void A_forced_path_holds_until_it_is_disposed_of()
    {
        var usual = Simd.Path;
        Assert.NotEqual(SimdPath.Auto, usual);
        using (Simd.Force(SimdPath.Scalar))
        {
            Assert.Equal(SimdPath.Scalar, Simd.Path);
            using (Simd.Force(SimdPath.Vector256))
                Assert.Equal(SimdPath.Vector256, Simd.Path);
            Assert.Equal(SimdPath.Scalar, Simd.Path);
            using (Simd.Force(SimdPath.Auto))
                Assert.Equal(usual, Simd.Path);
        }
        Assert.Equal(usual, Simd.Path);
    }

    [Fact]
    public async Task A_forced_path_follows_the_asynchronous_flow_and_no_other()
    {
        var usual = Simd.Path;
        using var forced = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        var other = Task.Run(
            () =>
            {
                forced.Wait(TestContext.Current.CancellationToken);
                var path = Simd.Path;
                seen.Set();
                return path;
            },
            TestContext.Current.CancellationToken);
        using (Simd.Force(SimdPath.Scalar))
        {
            forced.Set();
            Assert.Equal(SimdPath.Scalar, await Task.Run(() => Simd.Path, TestContext.Current.CancellationToken));
            seen.Wait(TestContext.Current.CancellationToken);
        }
        Assert.Equal(usual, await other);
    }
}
