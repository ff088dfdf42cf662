using ProbML.Vae;

namespace ProbML.Flows;

public sealed partial class FlowModel
{
    /// <summary>Particles a row of <see cref="FlowColumns.MarginalLogDensity"/>.</summary>
    internal const int ScoringParticles = 256;

    /// <summary>Draws of what is missing of a row given what is known, and ln p of that.</summary>
    /// <param name="row">[d]; NaN: missing.</param>
    /// <param name="particles">How many draws.</param>
    /// <param name="random">The randomness.</param>
    internal CompletedRow Complete(ReadOnlySpan<double> row, int particles, Random random)
    {
        var partial = PartialRow.Of(parts, row);
        if (!partial.IsPossible)
            return new([], [], double.NegativeInfinity, 0);
        if (partial.IsEmpty)
        {
            var weights = new double[particles];
            Array.Fill(weights, 1.0 / particles);
            return new(FlowDraws.Of(graphs, parts.Noise, particles, random), weights, 0, 0);
        }
        CompletionProposal proposal = parts.HasConditionals
            ? new SequentialProposal(partial, graphs, parts.Noise)
            : new StudentProposal(partial, moments.Value);
        return new FlowCompletion(graphs, partial, proposal, particles, random).Run();
    }

    /// <summary>Fills what is missing of a row by its mean given what is known.</summary>
    /// <param name="row">[d]; NaN: missing. Filled in place; left where what is known cannot be.</param>
    /// <param name="deviations">[d]: the standard deviation of what was missing, 0 where a value was known.</param>
    /// <param name="particles">How many draws.</param>
    /// <param name="random">The randomness.</param>
    /// <returns>ln p of what is known, and its standard error.</returns>
    internal (double LogDensity, double StandardError) Impute(
        Span<double> row, Span<double> deviations, int particles, Random random)
    {
        deviations.Clear();
        int[] missing = [.. MissingOf(row)];
        if (row.ContainsAny(double.PositiveInfinity, double.NegativeInfinity))
        {
            foreach (int j in missing)
                deviations[j] = double.NaN;
            return (double.NaN, double.NaN);
        }
        var drawn = Complete(row, particles, random);
        foreach (int j in missing)
        {
            if (parts.Maps[j] is CircularMap circle && drawn.Weights.Length > 0)
            {
                (row[j], deviations[j]) = Direction(circle, drawn, j);
                continue;
            }
            double mean = 0, square = 0;
            for (int i = 0; i < drawn.Weights.Length; i++)
                mean += drawn.Weights[i] * Back(j, drawn.Rows[i * FeatureCount + j]);
            for (int i = 0; i < drawn.Weights.Length; i++)
                square += drawn.Weights[i] * Math.Pow(Back(j, drawn.Rows[i * FeatureCount + j]) - mean, 2);
            bool isKnown = drawn.Weights.Length > 0;
            (row[j], deviations[j]) = isKnown ? (mean, Math.Sqrt(square)) : (double.NaN, double.NaN);
        }
        return (drawn.LogDensity, drawn.StandardError);
    }

    /// <summary>The mean direction of an angle, and its circular standard deviation √(−2 ln R), in units of the column. Mardia &amp; Jupp (2000), §2.3.</summary>
    private (double Mean, double Deviation) Direction(CircularMap circle, CompletedRow drawn, int column)
    {
        double cos = 0, sin = 0;
        for (int i = 0; i < drawn.Weights.Length; i++)
        {
            double angle = drawn.Rows[i * FeatureCount + column];
            cos += drawn.Weights[i] * Math.Cos(angle);
            sin += drawn.Weights[i] * Math.Sin(angle);
        }
        double length = Math.Min(1, Math.Sqrt(cos * cos + sin * sin));
        return (circle.Inverse(Math.Atan2(sin, cos)), Math.Sqrt(-2 * Math.Log(length)) * circle.Period / (2 * Math.PI));
    }

    /// <summary>Rows like one, what is missing of it drawn given what is known, [count, d]; NaN where that cannot be.</summary>
    /// <param name="row">[d]; NaN: missing.</param>
    /// <param name="count">How many.</param>
    /// <param name="particles">The least draws to choose from.</param>
    /// <param name="random">The randomness.</param>
    internal double[] SampleGiven(ReadOnlySpan<double> row, int count, int particles, Random random)
    {
        const int Most = 4096;
        int d = FeatureCount;
        int[] missing = [.. MissingOf(row)];
        var rows = new double[count * d];
        for (int start = 0; start < count; start += Most)
        {
            int size = Math.Min(Most, count - start);
            var drawn = missing.Length == 0 || row.ContainsAny(double.PositiveInfinity, double.NegativeInfinity)
                ? null
                : Complete(row, Math.Max(size, particles), random);
            double place = random.NextDouble() / size, reached = 0;
            for (int i = 0, from = -1; i < size; i++, place += 1.0 / size)
            {
                var one = rows.AsSpan((start + i) * d, d);
                row.CopyTo(one);
                if (drawn is not { Weights.Length: > 0 })
                    continue;
                while (from < drawn.Weights.Length - 1 && (from < 0 || reached <= place))
                    reached += drawn.Weights[++from];
                foreach (int j in missing)
                    one[j] = Back(j, drawn.Rows[from * d + j]);
            }
        }
        return rows;
    }

    private (double LogDensity, double StandardError) MarginalLogDensity(ReadOnlySpan<double> row)
    {
        bool isExact = parts.HasConditionals && PartialRow.Of(parts, row).IsPrefix;
        var completed = Complete(row, isExact ? 1 : ScoringParticles, RowNoise.Of(1, row));
        return (completed.LogDensity, completed.StandardError);
    }

    /// <summary>A column's value: whole, if it is a count.</summary>
    private double Back(int column, float value)
    {
        double x = parts.Maps[column].Inverse(value);
        return parts.IsCount[column] ? Math.Floor(x) : x;
    }

    private static List<int> MissingOf(ReadOnlySpan<double> row)
    {
        var missing = new List<int>();
        for (int j = 0; j < row.Length; j++)
        {
            if (double.IsNaN(row[j]))
                missing.Add(j);
        }
        return missing;
    }
}
