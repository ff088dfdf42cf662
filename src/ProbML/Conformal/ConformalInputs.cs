using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>The predictions that stand in a schema, ready to be read from a row: scores, bounds and sets of classes.</summary>
internal sealed class ConformalInputs
{
    private readonly ConformalColumns columns;
    private readonly DataViewSchema.Column score;
    private readonly DataViewSchema.Column? scale, lower, upper, group, weight;

    public ConformalInputs(IHost host, DataViewSchema schema, ConformalColumns columns)
    {
        this.columns = columns;
        var found = new ScoredColumns(host, schema);
        score = columns.IsInterval
            ? found.Require("score", columns.Score, ColumnTypes.IsNumber, ColumnTypes.Number)
            : found.Require(
                "score",
                columns.Score,
                type => ColumnTypes.IsNumber(type) || ScoredColumns.IsVector(type),
                $"{ColumnTypes.Number}, or a vector of them");
        var numbers = columns.Numbers.ToDictionary(
            column => column.Name,
            column => found.Require(column.Role, column.Name, ColumnTypes.IsNumber, ColumnTypes.Number));
        scale = Get(columns.Scale);
        lower = Get(columns.Lower);
        upper = Get(columns.Upper);
        if (columns.Group is { } name)
            group = found.Require("group", name, ColumnTypes.HasGroups, ColumnTypes.Groups);
        if (columns.Weight is { } weights)
            weight = found.Require("weight", weights, ColumnTypes.IsNumber, ColumnTypes.Number);
        ClassCount = score.Type is VectorDataViewType vector ? vector.Size : 2;
        ClassNames = columns.IsInterval ? []
            : score.Type is VectorDataViewType ? SlotNames.Of(score) ?? []
            : ["false", "true"];
        Columns = [.. found.All];

        DataViewSchema.Column? Get(string? name) => name is null ? null : numbers[name];
    }

    /// <summary>The columns to be read.</summary>
    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>K, of a set of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Whether each class has its probability; else there are two, and it is that of the second.</summary>
    public bool IsVector => score.Type is VectorDataViewType;

    /// <summary>[K], or none.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The weight of a row; one where there are none.</summary>
    public Func<double> Weight(DataViewRow row) => ScoredColumns.Weight(row, weight);

    /// <summary>The groups of a column, by place.</summary>
    public Func<int>? Group(DataViewRow row, IReadOnlyList<string> groups) =>
        group is { } column ? LevelColumn.Of(column)!.Indexer(row, groups) : null;

    /// <summary>The groups that occur in data, in one pass over their column; none where there is no such column.</summary>
    public string[] Groups(IDataView data)
    {
        if (group is not { } column)
            return [];
        using var cursor = data.GetRowCursor([column]);
        var (collect, levels) = LevelColumn.Of(column)!.Learner(cursor);
        while (cursor.MoveNext())
            collect();
        return levels();
    }

    /// <summary>Which slot a label's value stands for, to be read from a row.</summary>
    public Func<double> Label(IHost host, DataViewRow row, DataViewSchema.Column label) =>
        !columns.IsInterval && score.Type is VectorDataViewType
            ? NumberGetter.Create(row, label, ClassPlaces.Of(host, label, score))
            : NumberGetter.Create(row, label);

    /// <summary>The interval [l, u] of quantile q, of the row under the cursor.</summary>
    public Func<double, (double Lower, double Upper)> Interval(DataViewRow row)
    {
        var read = NumberGetter.Create(row, score);
        var (width, low, high) = (
            ScoredColumns.Weight(row, scale), ScoredColumns.Number(row, lower), ScoredColumns.Number(row, upper));
        return lower is null
            ? q =>
            {
                double centre = read(), reach = width() * q;
                return (centre - reach, centre + reach);
            }
            : q => (low() - q, high() + q);
    }

    /// <summary>How far y lies from its prediction, in the units of the quantile.</summary>
    public Func<double, double> Distance(DataViewRow row)
    {
        if (!columns.IsInterval)
            return ClassDistance(row);
        var read = NumberGetter.Create(row, score);
        var (width, low, high) = (
            ScoredColumns.Weight(row, scale), ScoredColumns.Number(row, lower), ScoredColumns.Number(row, upper));
        return lower is null
            ? y => Math.Abs(y - read()) / width()
            : y => Math.Max(low() - y, y - high());
    }

    /// <summary>Fills [K] with how unlikely each class was held to be.</summary>
    public Action<double[]> ClassDistances(DataViewRow row)
    {
        var read = Probabilities(row);
        bool isAdaptive = columns.Method == (int)ClassSetMethod.Adaptive;
        return distances =>
        {
            read(distances);
            if (isAdaptive)
                Accumulate(distances);
            else
                for (int k = 0; k < distances.Length; k++)
                    distances[k] = 1 - distances[k];
        };
    }

    private Func<double, double> ClassDistance(DataViewRow row)
    {
        var read = ClassDistances(row);
        var distances = new double[ClassCount];
        return y =>
        {
            read(distances);
            return y >= 0 && y < distances.Length ? distances[(int)y] : double.NaN;
        };
    }

    private Action<double[]> Probabilities(DataViewRow row)
    {
        if (score.Type is VectorDataViewType)
        {
            var reader = FeatureReader.Create(row, score);
            return values => reader.Read(values);
        }
        var read = NumberGetter.Create(row, score);
        return values =>
        {
            double p = read();
            (values[0], values[1]) = (1 - p, p);
        };
    }

    /// <summary>Replaces each probability by the sum of those that are not smaller; the likeliest class's by zero.</summary>
    private static void Accumulate(double[] probabilities)
    {
        double[] sums = new double[probabilities.Length];
        int best = 0;
        for (int k = 0; k < sums.Length; k++)
        {
            best = probabilities[k] > probabilities[best] ? k : best;
            foreach (double p in probabilities)
                sums[k] += p >= probabilities[k] ? p : 0;
        }
        sums[best] = double.IsNaN(sums[best]) ? double.NaN : 0;
        sums.CopyTo(probabilities, 0);
    }
}
