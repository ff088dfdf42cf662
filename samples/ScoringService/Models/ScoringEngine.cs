using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.Extensions.ObjectPool;

namespace ProbML.Examples.Scoring;

/// <summary>A pipeline bound to a block of rows: a prediction engine for columns that are known at run time. Used by one thread at a time.</summary>
/// <remarks>
/// One row goes through getters that are bound once. Several go through a cursor, in which models that gain from it take many rows
/// at once; where a row throws, it and those after it are scored singly, so that no other suffers.
/// </remarks>
internal sealed class ScoringEngine : IDisposable
{
    private readonly ITransformer transformer;
    private readonly ModelSchema schema;
    private readonly IDataView scored;
    private BufferedRow? at;
    private DataViewRow? single;
    private PredictionCell[] singleCells = [];
    private DataViewRowCursor? cursor;
    private PredictionCell[] cursorCells = [];
    private int next;

    public ScoringEngine(ITransformer transformer, ModelSchema schema, int blockRows)
    {
        (this.transformer, this.schema) = (transformer, schema);
        Rows = new(schema.Columns, schema.Inputs, blockRows);
        scored = transformer.Transform(new RowView(Rows));
        Bind();
    }

    /// <summary>The rows to be scored.</summary>
    public JsonRows Rows { get; }

    /// <summary>Goes to before the first row.</summary>
    public void Start()
    {
        next = 0;
        if (Rows.Count < 2)
            return;
        cursor = scored.GetRowCursor(schema.Outputs.Select(output => scored.Schema[output.Name]));
        cursorCells = Cells(cursor);
    }

    /// <summary>Writes the prediction of the next row as a JSON object.</summary>
    /// <returns>Why there is none, and nothing is written; null: there is.</returns>
    public string? Write(Utf8JsonWriter json)
    {
        int row = next++;
        var cells = Fetch(row, out string? fault);
        if (fault is not null)
            return fault;
        json.WriteStartObject();
        for (int k = 0; k < cells.Length; k++)
            if (schema.Outputs[k].Needs.All(place => Rows.IsGiven(row, place)))
                cells[k].Write(json);
        json.WriteEndObject();
        return null;
    }

    /// <summary>Lets go of what the rows held.</summary>
    public void Stop()
    {
        cursor?.Dispose();
        cursor = null;
        Rows.CutTo(0);
    }

    public void Dispose()
    {
        Stop();
        single?.Dispose();
    }

    private PredictionCell[] Fetch(int row, out string? fault)
    {
        fault = null;
        if (cursor is not null)
        {
            try
            {
                if (!cursor.MoveNext())
                    throw new InvalidOperationException("The pipeline dropped the row.");
                foreach (var cell in cursorCells)
                    cell.Fetch();
                return cursorCells;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                cursor.Dispose();                          // the row is tried again alone, to see whether it is to blame
                cursor = null;
            }
        }
        try
        {
            if (single is null)
                Bind();
            at!.MoveTo(row);
            foreach (var cell in singleCells)
                cell.Fetch();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            fault = e.Message;
            single?.Dispose();                             // its getters may be anywhere
            single = null;
        }
        return singleCells;
    }

    private void Bind()
    {
        var mapper = transformer.GetRowToRowMapper(Rows.Schema);
        at = new(Rows);
        single = mapper.GetRow(at, schema.Outputs.Select(output => mapper.OutputSchema[output.Name]));
        singleCells = Cells(single);
    }

    private PredictionCell[] Cells(DataViewRow row) =>
        [.. schema.Outputs.Select(output => PredictionCell.Create(row, row.Schema[output.Name]))];

    /// <summary>Makes the engines of a model.</summary>
    internal sealed class Policy(ITransformer transformer, ModelSchema schema, int blockRows) : PooledObjectPolicy<ScoringEngine>
    {
        public override ScoringEngine Create() => new(transformer, schema, blockRows);

        public override bool Return(ScoringEngine obj)
        {
            obj.Stop();
            return true;
        }
    }
}
