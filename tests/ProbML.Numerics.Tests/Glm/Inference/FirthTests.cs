namespace ProbML.Tests;

public sealed class FirthTests
{
    /// <summary>Heinze &amp; Schemper (2002), table I: HG, NV, PI, EH of 79 cases of endometrial cancer; NV separates.</summary>
    private static readonly double[] Endometrial =
    [
        0, 13, 1.64, 0, 0, 16, 2.26, 0, 0, 8, 3.14, 0, 0, 34, 2.68, 0, 0, 20, 1.28, 0,
        0, 5, 2.31, 0, 0, 17, 1.8, 0, 0, 10, 1.68, 0, 0, 26, 1.56, 0, 0, 17, 2.31, 0,
        0, 8, 2.01, 0, 0, 7, 1.89, 0, 0, 20, 3.15, 0, 0, 10, 1.23, 0, 0, 18, 1.27, 0,
        0, 16, 1.76, 0, 0, 18, 2, 0, 0, 8, 2.64, 1, 0, 29, 0.88, 1, 0, 12, 1.27, 1,
        0, 20, 1.37, 1, 1, 38, 0.97, 1, 1, 22, 1.14, 1, 1, 7, 0.88, 1, 1, 25, 0.91, 1,
        1, 15, 0.58, 1, 0, 7, 0.97, 1, 0, 28, 1.5, 0, 0, 11, 1.33, 0, 0, 19, 2.37, 0,
        0, 10, 1.82, 0, 0, 10, 3.13, 0, 0, 18, 1.31, 0, 0, 14, 1.92, 0, 0, 21, 1.64, 0,
        0, 11, 2.01, 0, 0, 17, 1.88, 0, 0, 25, 1.93, 0, 0, 16, 2.11, 0, 0, 19, 1.29, 0,
        0, 15, 1.72, 0, 0, 33, 0.75, 0, 0, 24, 1.92, 0, 0, 48, 1.84, 1, 0, 12, 1.11, 1,
        0, 19, 1.61, 1, 0, 2, 1.18, 1, 1, 22, 1.44, 1, 1, 40, 1.18, 1, 1, 5, 0.93, 1,
        1, 0, 1.17, 1, 0, 21, 1.19, 1, 0, 15, 1.06, 1, 0, 29, 2.02, 0, 0, 15, 2.29, 0,
        0, 12, 2.33, 0, 0, 3, 2.9, 0, 0, 20, 1.7, 0, 0, 23, 1.41, 0, 0, 12, 2.25, 0,
        0, 22, 1.54, 0, 0, 42, 1.97, 0, 0, 15, 1.75, 0, 0, 13, 2.16, 0, 0, 14, 2.57, 0,
        0, 19, 1.37, 0, 0, 12, 3.61, 0, 0, 13, 2.04, 0, 0, 10, 2.17, 0, 0, 12, 1.69, 1,
        1, 49, 0.27, 1, 0, 6, 1.84, 1, 0, 5, 1.3, 1, 0, 17, 0.96, 1, 1, 11, 1.01, 1,
        1, 21, 0.98, 1, 0, 5, 0.35, 1, 1, 19, 1.02, 1, 0, 33, 0.85, 1,
    ];

    /// <summary>R's brglm2 0.9, type "MPL_Jeffreys", by golden.R beside this file; the logit's are also logistf's.</summary>
    [Theory]
    [InlineData("logit", new[] { 3.774559713647, 2.929273353197, -0.03475175987043, -2.604163925294 },
        new[] { 1.488691663436, 1.550763729453, 0.03957814734776, 0.7760176425016 })]
    [InlineData("probit", new[] { 1.95825562217, 1.742582638861, -0.01573743425623, -1.404891439596 },
        new[] { 0.7982793228643, 0.7908727547459, 0.02123256520994, 0.4080710974633 })]
    [InlineData("cloglog", new[] { 3.086243501284, 1.712929289019, -0.03485075278195, -2.292240479516 },
        new[] { 1.11789948966, 0.8085264538474, 0.0287571279646, 0.6229384207038 })]
    public void Estimates_of_separated_data_agree_with_brglm2(string link, double[] expected, double[] errors)
    {
        var model = GlmFirth.Fit(Cancer(), new GlmOptions { Link = Links.Parse(link) });
        Assert.True(model.Converged);
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(expected[j], model.Coefficients[j].Estimate, 1e-7 * errors[j]);
            Assert.Equal(1, model.Coefficients[j].StandardError / errors[j], 1e-7);
        }
    }

    /// <summary>Profile intervals of Heinze &amp; Schemper (2002), and of logistf: 0.6097 to 7.8546 for NV.</summary>
    [Fact]
    public void Profile_intervals_are_finite_and_fall_by_the_quantile()
    {
        var design = Cancer();
        var model = GlmFirth.Fit(design);
        var found = GlmFirth.Intervals(design, model);
        Assert.Equal(0.6097, found.Coefficients[1].Lower, 5e-4);
        Assert.Equal(7.8546, found.Coefficients[1].Upper, 5e-4);
        double top = Penalised(design, [.. model.Coefficients.Select(c => c.Estimate)]);
        for (int j = 0; j < 4; j++)
        {
            foreach (double end in (double[])[found.Coefficients[j].Lower, found.Coefficients[j].Upper])
                Assert.Equal(ChiSquared.Quantile(0.95, 1), 2 * (top - Best(design, model, j, end)), 1e-5);
        }
    }

    [Fact]
    public void Perfect_separation_and_aliasing_do_no_harm()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8], y = [0, 0, 0, 0, 1, 1, 1, 1];
        var design = new MatrixDesign([.. x.SelectMany(v => new[] { v, 2 * v })], y);
        var model = GlmFirth.Fit(design);
        Assert.True(model.Converged && model.Coefficients[2].IsAliased && model.Coefficients[1].Estimate is > 0 and < 5);
        var intervals = GlmFirth.Intervals(design, model);
        Assert.True(intervals.Coefficients[1].Lower > 0 && double.IsFinite(intervals.Coefficients[1].Upper));
        Assert.True(double.IsNaN(intervals.Coefficients[2].Lower));
    }

    [Fact]
    public void Many_rows_leave_little_of_the_correction()
    {
        var design = GlmCases.Binary(n: 20_000);
        var plain = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli });
        var firth = GlmFirth.Fit(design);
        for (int j = 0; j < 3; j++)
            Assert.Equal(plain.Coefficients[j].Estimate, firth.Coefficients[j].Estimate, 0.05 * plain.Coefficients[j].StandardError);
    }

    [Fact]
    public void What_has_no_such_prior_is_refused()
    {
        var design = GlmCases.Binary(n: 60);
        Assert.Throws<ArgumentException>(() => GlmFirth.Fit(design, new GlmOptions { L2 = 1 }));
        Assert.Throws<ArgumentException>(() => GlmFirth.Fit(design, new GlmOptions { Family = Families.Gamma }));
        var plain = GlmCases.Fit(design, new GlmOptions { Family = Families.Bernoulli });
        Assert.Contains("GlmFirth.Fit", Assert.Throws<ArgumentException>(() => GlmFirth.Intervals(design, plain)).Message, StringComparison.Ordinal);
    }

    private static MatrixDesign Cancer()
    {
        int n = Endometrial.Length / 4;
        return new MatrixDesign(
            [.. Endometrial.Where((_, i) => i % 4 != 3)], [.. Endometrial.Where((_, i) => i % 4 == 3)], ["NV", "PI", "EH"]);
    }

    /// <summary>l + ½ ln |XᵀWX| of the logit, from its definition.</summary>
    private static double Penalised(MatrixDesign design, double[] b)
    {
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(1000, 3);
        reader.Read(buffer);
        var a = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(4, 4);
        double l = 0;
        for (int i = 0; i < buffer.Count; i++)
        {
            double[] x = [1, .. buffer.Block.Row(i)];
            double eta = x.Zip(b, (u, v) => u * v).Sum(), p = 1 / (1 + Math.Exp(-eta));
            l += buffer.Response[i] * eta - Math.Log(1 + Math.Exp(eta));
            for (int j = 0; j < 4; j++)
            {
                for (int k = 0; k < 4; k++)
                    a[j, k] += p * (1 - p) * x[j] * x[k];
            }
        }
        return l + 0.5 * Math.Log(a.Determinant());
    }

    /// <summary>The largest value with one coefficient held, by Newton's method on numerical derivatives.</summary>
    private static double Best(MatrixDesign design, GlmModel model, int held, double value)
    {
        double[] b = [.. model.Coefficients.Select(c => c.Estimate)], unit = [.. model.Coefficients.Select(c => c.StandardError)];
        b[held] = value;
        int[] free = [.. Enumerable.Range(0, 4).Where(j => j != held)];
        for (int round = 0; round < 40; round++)
        {
            var gradient = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(3, i => (At(i, 1) - At(i, -1)) / 2e-3);
            double middle = Penalised(design, b);
            var hessian = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(3, 3, (i, k) => i == k
                ? (At(i, 1) - 2 * middle + At(i, -1)) / 1e-6
                : (At(i, 1, k, 1) - At(i, 1, k, -1) - At(i, -1, k, 1) + At(i, -1, k, -1)) / 4e-6);
            var step = hessian.Solve(-gradient);
            double share = 1;
            double[] from = [.. b];
            do
            {
                for (int i = 0; i < 3; i++)
                    b[free[i]] = from[free[i]] + share * step[i] * unit[free[i]];
                share /= 2;
            }
            while (!(Penalised(design, b) >= middle - 1e-9) && share > 1e-6);
            if (step.L2Norm() < 1e-6)
                break;
        }
        return Penalised(design, b);

        double At(int i, double by, int k = -1, double too = 0)
        {
            double[] c = [.. b];
            c[free[i]] += 1e-3 * by * unit[free[i]];
            if (k >= 0)
                c[free[k]] += 1e-3 * too * unit[free[k]];
            return Penalised(design, c);
        }
    }
}
