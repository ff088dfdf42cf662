using System.Buffers.Binary;
using ProbML.Sharding;

namespace ProbML.TwoSample;

/// <summary>A sketch as bytes: a mark, a version, what it is of, sums, the rows drawn column by column, and a hash of all.</summary>
internal static class TableSketchFormat
{
    private const uint Mark = 0x53544D50;                  // "PMTS"
    private const int Version = 1;

    public static bool IsMarked(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Mark;

    public static byte[] Write(TableSketch sketch, NumberTally[] numbers, LevelSummary[] levels) => ShardFormat.Write(writer =>
    {
        writer.Write(Mark);
        writer.Write(Version);
        writer.Write(sketch.Options.SampleRows);
        writer.Write(sketch.Options.MaximumLevels);
        writer.Write(sketch.Options.Seed);
        writer.Write(sketch.Columns.Count);
        foreach (var column in sketch.Columns)
        {
            writer.Write(column.Name);
            writer.Write(column.IsLevels);
        }
        writer.Write(sketch.SourceRows.Length);
        foreach (var source in sketch.SourceRows)
        {
            writer.Write(source.Name);
            writer.Write(source.FirstRow);
            writer.Write(source.Rows);
            writer.Write(source.Low);
            writer.Write(source.High);
        }
        foreach (var tally in numbers)
            tally.Write(writer);
        foreach (var summary in levels)
            summary.Write(writer);
        WriteSample(writer, sketch, numbers.Length, levels.Length);
    });

    public static TableSketch Read(byte[] bytes)
    {
        if (!IsMarked(bytes))
            throw new FormatException("These bytes are no sketch.");
        return ShardFormat.Read(bytes, "sketch", reader =>
        {
            reader.ReadUInt32();
            reader.ReadVersion(Version, "sketch");
            TableSketchOptions options = new()
            {
                SampleRows = reader.ReadInt32(), MaximumLevels = reader.ReadInt32(), Seed = reader.ReadInt32(),
            };
            var columns = new List<SketchColumn>();
            for (int left = reader.ReadCount("columns"); left > 0; left--)
                columns.Add(new(reader.ReadString(), reader.ReadBoolean()));
            var sources = new List<SourceRows>();
            for (int left = reader.ReadCount("sources"); left > 0; left--)
                sources.Add(new(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadUInt64()));
            long rows = Check(options, columns, sources);
            NumberTally[] numbers = [.. columns.Where(column => !column.IsLevels).Select(_ => NumberTally.Read(reader))];
            LevelSummary[] levels = [.. columns.Where(column => column.IsLevels).Select(_ => LevelTally.Read(reader, options.MaximumLevels))];
            if (numbers.Any(one => one.Count + one.Missing != rows) || levels.Any(one => one.Count + one.Missing != rows))
                throw Damaged("has columns of different lengths");
            var sample = ReadSample(reader, options, sources, numbers.Length, levels.Length);
            return sample.Length == Math.Min(options.SampleRows, rows)
                ? new TableSketch([.. columns], options, [.. sources], numbers, levels, sample)
                : throw Damaged($"has {sample.Length} of {rows} rows");
        });
    }

    private static long Check(TableSketchOptions options, List<SketchColumn> columns, List<SourceRows> sources)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"The sketch's options cannot be: {e.Message}", e);
        }
        if (columns.Count == 0 || columns.DistinctBy(column => column.Name).Count() < columns.Count)
            throw Damaged("has no columns, or two of one name");
        if (sources.Any(source => source.FirstRow < 1 || source.Rows < 1))
            throw Damaged("has a source without rows");
        return sources.Sum(source => source.Rows);
    }

    private static void WriteSample(BinaryWriter writer, TableSketch sketch, int numbers, int levels)
    {
        SampledRow[] rows = [.. sketch.Sample.Order(SampledRow.ByPlace)];
        string[] names = [.. sketch.SourceRows.Select(source => source.Name).Distinct()];
        var place = names.Select((name, i) => (name, i)).ToDictionary(StringComparer.Ordinal);
        writer.Write(rows.Length);
        foreach (var row in rows)
        {
            writer.Write7BitEncodedInt(place[row.Source]);
            writer.Write7BitEncodedInt64(row.Row);
        }
        for (int j = 0; j < numbers; j++)
        {
            bool areSingles = Array.TrueForAll(rows, row => double.IsNaN(row.Numbers[j]) || (float)row.Numbers[j] == row.Numbers[j]);
            writer.Write(areSingles);
            foreach (var row in rows)
            {
                if (areSingles)
                    writer.Write(double.IsNaN(row.Numbers[j]) ? float.NaN : (float)row.Numbers[j]);
                else
                    writer.Write(row.Numbers[j]);
            }
        }
        for (int j = 0; j < levels; j++)
        {
            string[] texts = [.. rows.Select(row => row.Levels[j]).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            var index = texts.Select((text, i) => (text, i + 1)).ToDictionary(StringComparer.Ordinal);
            writer.WriteArray(texts);
            foreach (var row in rows)
                writer.Write7BitEncodedInt(row.Levels[j] is { } text ? index[text] : 0);
        }
    }

    private static SampledRow[] ReadSample(BinaryReader reader, TableSketchOptions options, List<SourceRows> sources, int numbers, int levels)
    {
        string[] names = [.. sources.Select(source => source.Name).Distinct()];
        ulong[] starts = [.. names.Select(name => SourceRows.Hash(name, options.Seed))];
        var rows = new List<SampledRow>();
        for (int left = reader.ReadCount("rows"); left > 0; left--)
        {
            int source = reader.Read7BitEncodedInt();
            long row = reader.Read7BitEncodedInt64();
            if (source < 0 || source >= names.Length || row < 1)
                throw Damaged($"has a row {row} of source {source}");
            rows.Add(new(SourceRows.Priority(starts[source], row), names[source], row, new double[numbers], new string?[levels]));
        }
        for (int j = 0; j < numbers; j++)
        {
            bool areSingles = reader.ReadBoolean();
            foreach (var row in rows)
                row.Numbers[j] = (areSingles ? reader.ReadSingle() : reader.ReadDouble()) is var value && double.IsNaN(value) ? double.NaN : value;
        }
        for (int j = 0; j < levels; j++)
        {
            string[] texts = reader.ReadStringArray("levels");
            foreach (var row in rows)
            {
                int index = reader.Read7BitEncodedInt();
                row.Levels[j] = index == 0 ? null : index > 0 && index <= texts.Length ? texts[index - 1] : throw Damaged($"has no level {index}");
            }
        }
        return [.. rows.Order(SampledRow.ByPriority)];
    }

    private static FormatException Damaged(string how) => new($"The sketch {how}: it is damaged.");
}
