using ProbML.TwoSample;

namespace ProbML.Numerics.Tests.TwoSample.Sketches;

/// <summary>Merging is associative and commutative to the last bit, and what is drawn is a uniform sample.</summary>
public sealed class TableSketchTests
{
    private static readonly TableSketchOptions Small = new() { SampleRows = 50 };

    [Fact]
    public void Any_split_order_and_tree_gives_the_same_bytes()
    {
        var rows = new SketchRows(1000, 1);
        byte[] whole = rows.Sketch(Small).ToBytes();
        var random = new Random(2);
        for (int k = 0; k < 12; k++)
        {
            int[] ends = [0, .. Enumerable.Range(0, k).Select(_ => random.Next(1001)).Order(), 1000];
            var parts = ends.Zip(ends.Skip(1), (from, to) => rows.Part(from, to, Small)).ToList();
            while (parts.Count > 1)                        // any two, in either order, until one is left
            {
                int i = random.Next(parts.Count);
                var one = parts[i];
                parts.RemoveAt(i);
                int j = random.Next(parts.Count);
                parts[j] = parts[j].Merge(TableSketch.Read(one.ToBytes()));
            }
            Assert.Equal(whole, parts[0].ToBytes());
        }
    }

    [Fact]
    public void Sources_merge_in_any_order_and_tree()
    {
        TableSketch[] s = [.. Enumerable.Range(0, 4).Select(k => new SketchRows(20 + 60 * k, 10 + k).Sketch(Small, $"part-{k}"))];
        byte[] first = s[0].Merge(s[1]).Merge(s[2]).Merge(s[3]).ToBytes();
        Assert.Equal(first, s[3].Merge(s[2].Merge(s[1].Merge(s[0]))).ToBytes());
        Assert.Equal(first, s[2].Merge(s[0]).Merge(s[1].Merge(s[3])).ToBytes());
        var all = TableSketch.Read(first);
        Assert.Equal([("part-0", 20), ("part-1", 80), ("part-2", 140), ("part-3", 200)], all.Sources.Select(one => (one.Name, one.Rows)));
        Assert.Equal((440, 50), (all.Rows, all.SampledRows));
        var none = new TableSketchBuilder(SketchRows.Columns, "empty", Small).Build();
        Assert.Equal(first, all.Merge(none).ToBytes());
        Assert.Equal(first, none.Merge(all).ToBytes());
    }

    [Fact]
    public void Sums_are_of_all_rows()
    {
        var rows = new SketchRows(3000, 3);
        var sketch = rows.Sketch(Small);
        var income = sketch.Numbers("income");
        double[] present = rows.Income;
        double mean = present.Average(), variance = present.Sum(v => (v - mean) * (v - mean)) / (present.Length - 1);
        Assert.Equal((present.Length, 3000 - present.Length), (income.Count, income.Missing));
        Assert.Equal((present.Min(), present.Max()), (income.Minimum, income.Maximum));
        Assert.Equal(mean, income.Mean, 1e-5);             // the average itself is rounded, at 1e9 and 2700 terms
        Assert.Equal(variance, income.Variance, 1e-8);
        var city = sketch.Levels("city");
        Assert.Equal(3000, city.Count + city.Missing);
        Assert.Equal(["Bonn", "Oslo", "Rome", "São Paulo"], city.Counts!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(city.Count, city.Counts.Values.Sum());
        Assert.Equal(rows.X, new SketchRows(3000, 3).Sketch(Small with { SampleRows = 3000 }).SampledNumbers("x"));
    }

    /// <summary>
    /// Over 400 seeds each of 40 rows, in parts of 10, is among 10 drawn 100 times, with standard deviation 8.66: a chi-square of 39 degrees of freedom
    /// (times 39/40 · 400/399, for what is drawn is fixed in number) beyond 81 has probability 1e-4.
    /// </summary>
    [Fact]
    public void Every_row_is_as_likely_to_be_drawn()
    {
        var rows = new SketchRows(40, 4);
        var times = new double[40];
        for (int seed = 1; seed <= 400; seed++)
        {
            var options = new TableSketchOptions { SampleRows = 10, Seed = seed };
            var sketch = Enumerable.Range(0, 4).Select(k => rows.Part(10 * k, 10 * k + 10, options)).Aggregate((a, b) => a.Merge(b));
            foreach (var row in sketch.Sample)
                times[row.Row - 1]++;
        }
        Assert.Equal(4000, times.Sum());
        Assert.InRange(times.Sum(t => (t - 100) * (t - 100) / 75) * 39 / 40, 12, 81);
    }

    [Fact]
    public void A_column_of_too_many_levels_is_not_counted_in_any_order()
    {
        TableSketch[] s = [.. Enumerable.Range(0, 3).Select(Levels)];
        Assert.NotNull(s[0].Merge(s[1]).Levels("id").Counts);
        Assert.Null(s[0].Merge(s[1]).Merge(s[2]).Levels("id").Counts);
        Assert.Equal(s[0].Merge(s[1]).Merge(s[2]).ToBytes(), s[0].Merge(s[2].Merge(s[1])).ToBytes());
        var counts = SketchCounts.Of("id", s[0].Merge(s[1]).Merge(s[2]), s[0]);
        Assert.False(counts.AreOfAllRows);
        Assert.Equal((30, 10), (counts.Reference.Sum(), counts.Current.Sum()));

        static TableSketch Levels(int k)
        {
            var builder = new TableSketchBuilder([new("id", true)], $"s{k}", new() { MaximumLevels = 20 });
            for (int i = 0; i < 10; i++)
                builder.Add([], [$"{10 * k + i}".AsMemory()]);
            return builder.Build();
        }
    }

    [Fact]
    public void The_same_rows_twice_are_refused()
    {
        var rows = new SketchRows(100, 5);
        var sketch = rows.Sketch(Small, "monday");
        Refused("Rows 1 to 100 of 'monday' are in both", () => sketch.Merge(sketch));
        Refused("Rows 51 to 60 of 'monday' are in both", () => rows.Part(0, 60, Small, "monday").Merge(rows.Part(50, 100, Small, "monday")));
        Refused("'monday' and 'copy' hold the same 100 rows", () => sketch.Merge(rows.Sketch(Small, "copy")));
        Assert.Equal(200, sketch.Merge(rows.Sketch(Small, "copy"), allowDuplicates: true).Rows);
        Refused("are in both", () => sketch.Merge(sketch, allowDuplicates: true));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var sketch = new SketchRows(20, 6).Sketch(Small);
        Refused("keep different things", () => sketch.Merge(new SketchRows(20, 7).Sketch(Small with { Seed = 2 }, "b")));
        Refused("'y' is not in the other", () => new TableSketchBuilder([new("y", false)], "a").Build().Merge(sketch));
        Refused("'x' holds levels in this sketch and numbers in the other", () => new TableSketchBuilder([new("x", true)], "a").Build().Merge(sketch));
        Refused("in different orders", () => new TableSketchBuilder([.. SketchRows.Columns.Reverse()], "a", Small).Build().Merge(sketch));
        Refused("'x' is not in the reference", () => SketchComparison.Of(new TableSketchBuilder([new("y", false)], "a").Build(), sketch));
        Refused("Sketches of 20 and 0 rows", () => SketchComparison.Of(sketch, new TableSketchBuilder(SketchRows.Columns, "a").Build()));
        Refused("no column 'y' of numbers", () => sketch.Numbers("y"));
        Refused("no column 'x' of levels", () => sketch.SampledLevels("x"));
        Refused("2 columns named 'x'", () => _ = new TableSketchBuilder([new("x", true), new("x", false)], "a"));
        Refused("needs a column", () => _ = new TableSketchBuilder([], "a"));
        Refused("SampleRows", () => _ = new TableSketchBuilder(SketchRows.Columns, "a", new() { SampleRows = 0 }));
        Refused("MaximumLevels", () => _ = new TableSketchBuilder(SketchRows.Columns, "a", new() { MaximumLevels = 0 }));
        Refused("Row 7 of 'a' has 1 numbers and 0 levels", () => new TableSketchBuilder(SketchRows.Columns, "a", null, 7).Add([1], []));
    }

    /// <summary>Every byte changed, and every length cut short: refused, never another sketch.</summary>
    [Fact]
    public void Damaged_bytes_are_refused()
    {
        byte[] bytes = new SketchRows(30, 8).Sketch(Small).ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x41;
            Assert.Contains(i < 4 ? "no sketch" : "damaged", Assert.Throws<FormatException>(() => TableSketch.Read(changed)).Message);
            Assert.Throws<FormatException>(() => TableSketch.Read(bytes[..i]));
        }
        Assert.Throws<FormatException>(() => TableSketch.Read([.. bytes, 0]));
        Assert.False(TableSketch.IsSketch("a,b\n"u8));
        Assert.True(TableSketch.IsSketch(bytes));
    }

    /// <summary>With a hash that fits, too: each byte of the body changed is refused, or is a sketch that can be written and compared.</summary>
    [Fact]
    public void Forged_bytes_do_no_harm()
    {
        byte[] bytes = new SketchRows(30, 9).Sketch(Small).ToBytes();
        var sketch = TableSketch.Read(bytes);
        int refused = 0;
        for (int i = 8; i < bytes.Length - 32; i++)
        {
            byte[] body = bytes[..^32];
            body[i] ^= 0x83;
            byte[] forged = [.. body, .. System.Security.Cryptography.SHA256.HashData(body)];
            try
            {
                var read = TableSketch.Read(forged);
                read.ToBytes();
                if (read.Columns.SequenceEqual(sketch.Columns))
                    SketchComparison.Of(sketch, read);
            }
            catch (FormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, bytes.Length);
        byte[] later = bytes[..^32];
        later[4] = 2;
        Assert.Contains("saved in format 2", Assert.Throws<FormatException>(
            () => TableSketch.Read([.. later, .. System.Security.Cryptography.SHA256.HashData(later)])).Message);
    }

    private static void Refused(string message, Action action) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
