using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML;

/// <summary>Gathers rows from a cursor, has the model score them together, and hands out columns.</summary>
/// <remarks>Belongs to one cursor and so to one thread. Allocates when it grows, never for a row.</remarks>
internal sealed class ScoringBlock<TModel>
    where TModel : class, IScoringModel<TModel>
{
    private readonly TModel model;
    private readonly ScoreSchema schema;
    private readonly bool[] wanted;
    private readonly FeatureReader readFeatures;
    private readonly Func<double>? readLabel;
    private readonly Func<double>? readOffset;
    private readonly FeatureReader.SparseRoom room;
    private readonly bool isSparse;
    private readonly Func<int>[] readGroups;
    private double[] features = [];
    private int[] rowStarts = [];
    private int[] indices = [];
    private int place;                                    // of the sparse row being read
    private double[] labels = [];
    private double[] offsets = [];
    private float[] outputs = [];
    private int[] groups = [];

    /// <param name="model">Scores the rows.</param>
    /// <param name="schema">The columns that come of the scores.</param>
    /// <param name="inputs">Where the row keeps what the model reads.</param>
    /// <param name="row">The row or cursor, its needed columns active.</param>
    /// <param name="isWanted">Which of the schema's columns will be read.</param>
    public ScoringBlock(
        TModel model, ScoreSchema schema, ScoringInputs inputs, DataViewRow row, Func<int, bool> isWanted)
    {
        this.model = model;
        this.schema = schema;
        isSparse = model is ISparseScoringModel { TakesSparseRows: true };
        room = Room;
        wanted = schema.Outputs(isWanted);
        readFeatures = inputs.Features(row);
        readOffset = inputs.Offset(row);
        readGroups = inputs.Groups(row);
        readLabel = schema.LabelledDensity >= 0 && wanted[schema.LabelledDensity] ? inputs.Label(row) : null;
    }

    /// <summary>Makes room for so many rows.</summary>
    public void Grow(int capacity)
    {
        if (isSparse)
            rowStarts = new int[capacity + 1];
        else
            features = new double[checked(capacity * model.FeatureCount)];
        outputs = new float[checked(capacity * schema.Width)];
        groups = new int[checked(capacity * readGroups.Length)];
        if (readLabel is not null)
            labels = new double[capacity];
        if (readOffset is not null)
            offsets = new double[capacity];
    }

    /// <summary>Puts the present row into a place of the block; places are filled in order.</summary>
    public void Read(int index)
    {
        if (isSparse)
        {
            place = index;
            rowStarts[index + 1] = rowStarts[index] + readFeatures.ReadSparse(model.FeatureCount, room).Count;
        }
        else
            readFeatures.Read(features.AsSpan(index * model.FeatureCount, model.FeatureCount));
        for (int k = 0; k < readGroups.Length; k++)
            groups[index * readGroups.Length + k] = readGroups[k]();
        if (readLabel is not null)
            labels[index] = readLabel();
        if (readOffset is not null)
            offsets[index] = readOffset();
    }

    /// <summary>Scores the first rows of the block.</summary>
    public void Score(int count)
    {
        var known = readLabel is null ? default : labels.AsSpan(0, count);
        var added = readOffset is null ? default : offsets.AsSpan(0, count);
        var rows = isSparse
            ? new RowBlock(count, model.FeatureCount, rowStarts, indices, features, known, weights: default, added)
            : new RowBlock(count, model.FeatureCount, features, known, weights: default, added)
            {
                Groups = groups.AsSpan(0, count * readGroups.Length),
                GroupCount = readGroups.Length,
            };
        model.Score(rows, new OutputBlock(outputs.AsSpan(0, count * schema.Width), schema.Width, wanted));
    }

    /// <summary>The getter of a column.</summary>
    /// <param name="column">Which column.</param>
    /// <param name="current">Gives the place in the block, scored by then, of the row to be read.</param>
    public Delegate Getter(ScoreColumn column, Func<int> current)
    {
        int width = schema.Width, start = column.Start, size = column.Size;
        if (column.Threshold is { } threshold)
            return (ValueGetter<bool>)((ref bool value) => value = outputs[current() * width + start] > threshold);
        if (column.ClassCount > 0)
            return (ValueGetter<uint>)((ref uint value) =>
                value = LargestKey(outputs.AsSpan(current() * width + start, column.ClassCount)));
        if (size == 0)
            return (ValueGetter<float>)((ref float value) => value = outputs[current() * width + start]);
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var from = outputs.AsSpan(current() * width + start, size);
            var editor = VBufferEditor.Create(ref value, size);
            from.CopyTo(editor.Values);
            value = editor.Commit();
        });
    }

    /// <summary>Room for a sparse row's entries behind those of the rows before it.</summary>
    private void Room(int most, out Span<int> places, out Span<double> values)
    {
        int start = rowStarts[place];
        if (features.Length < start + most)
        {
            int length = Math.Max(start + most, 2 * features.Length);
            Array.Resize(ref features, length);
            Array.Resize(ref indices, length);
        }
        places = indices.AsSpan(start, most);
        values = features.AsSpan(start, most);
    }

    /// <summary>The key of the largest number, the first of equals; missing, 0, if one is NaN.</summary>
    private static uint LargestKey(ReadOnlySpan<float> scores)
    {
        int largest = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            if (float.IsNaN(scores[k]))
                return 0;
            if (scores[k] > scores[largest])
                largest = k;
        }
        return (uint)largest + 1;
    }
}
