using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>A block of rows as a model takes them, read from JSON objects. Used by one thread at a time.</summary>
internal sealed class JsonRows
{
    private readonly IReadOnlyList<ModelInput> inputs;
    private readonly ColumnBuffer?[] columns;
    private readonly Dictionary<string, int> places;
    private readonly bool[] given;

    public JsonRows(DataViewSchema schema, IReadOnlyList<ModelInput> inputs, int capacity)
        : this(schema, inputs, [.. inputs.Select(input => input.Role == InputRole.Unused ? null : ColumnBuffer.Create(input.Type, capacity))], capacity)
    {
    }

    private JsonRows(DataViewSchema schema, IReadOnlyList<ModelInput> inputs, ColumnBuffer?[] columns, int capacity)
    {
        (Schema, this.inputs, this.columns, Capacity) = (schema, inputs, columns, capacity);
        given = new bool[capacity * inputs.Count];
        places = inputs.Select((input, place) => (input.Name, place)).ToDictionary(StringComparer.Ordinal);
    }

    public DataViewSchema Schema { get; }

    public int Capacity { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Keeps the first rows alone.</summary>
    public void CutTo(int rows) => Count = rows;

    /// <summary>Whether a row named a column.</summary>
    public bool IsGiven(int row, int column) => given[row * inputs.Count + column];

    /// <summary>The getter of a column at the row that is asked for.</summary>
    public ValueGetter<T> Getter<T>(DataViewSchema.Column column, Func<int> row) =>
        columns[column.Index]?.Getter(row) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}, and was asked for as {typeof(T)}.");

    /// <summary>The columns that every row has, independent of these.</summary>
    public JsonRows Required()
    {
        int[] kept = [.. Enumerable.Range(0, inputs.Count).Where(place => inputs[place].Role == InputRole.Required)];
        var builder = new DataViewSchema.Builder();
        foreach (int place in kept)
            builder.AddColumn(Schema[place].Name, Schema[place].Type, Schema[place].Annotations);
        return new(builder.ToSchema(), [.. kept.Select(place => inputs[place])], [.. kept.Select(place => columns[place]!.Copy(Count))], Count)
        {
            Count = Count,
        };
    }

    /// <summary>Takes in the object at which the JSON stands, and leaves the JSON at its end; a row with a fault is not kept.</summary>
    /// <param name="json">All of a row, or more.</param>
    /// <param name="number">The row's number, for the fault.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public RowFault? Add(ref Utf8JsonReader json, long number)
    {
        try
        {
            return Read(ref json, number);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException(e.Message, e);         // a text that is no UTF-8
        }
    }

    private RowFault? Read(ref Utf8JsonReader json, long number)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new(number, null, "A row must be a JSON object with a property for each column.");
        }
        int depth = json.CurrentDepth, start = Count * inputs.Count;
        Array.Clear(given, start, inputs.Count);
        RowFault? fault = null;
        for (int next = 0; json.Read() && json.TokenType == JsonTokenType.PropertyName; next++)
        {
            int place = PlaceOf(ref json, next);
            string? message = place < 0 ? "is no column of the model" : given[start + place] ? "is given twice" : null;
            string column = message is null ? inputs[place].Name : json.GetString()!;
            json.Read();
            if (message is null)
            {
                given[start + place] = true;
                if (inputs[place].Role == InputRole.Unused)
                    json.Skip();
                else
                    message = columns[place]!.Read(ref json, Count);
                next = place;
            }
            if (message is not null)
            {
                fault = Fault(number, column, message);
                break;
            }
        }
        while (json.TokenType != JsonTokenType.EndObject || json.CurrentDepth != depth)
            json.Read();                                   // past what else a row with a fault has
        return fault ?? Complete(number, start);
    }

    private RowFault? Complete(long number, int start)
    {
        for (int place = 0; place < inputs.Count; place++)
        {
            if (given[start + place] || inputs[place].Role == InputRole.Unused)
                continue;
            if (inputs[place].Role == InputRole.Required)
                return Fault(number, inputs[place].Name, $"is missing; it must be {inputs[place].Wanted}");
            columns[place]!.Clear(Count);
        }
        Count++;
        return null;
    }

    private static RowFault Fault(long number, string column, string message) =>
        new(number, column, $"'{column}' in row {number} {message}.");

    /// <summary>The place of the property's column, which most often is the one after the last property's; −1: there is none.</summary>
    private int PlaceOf(ref Utf8JsonReader json, int guess) =>
        guess < inputs.Count && json.ValueTextEquals(inputs[guess].Name) ? guess
        : places.GetValueOrDefault(json.GetString()!, -1);
}
