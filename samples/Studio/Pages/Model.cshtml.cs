using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace ProbML.Studio.Pages;

/// <summary>One model: its scores, what it prints, predictions, and what can be taken away.</summary>
internal sealed class ModelModel(SessionStore sessions) : StudioPage(sessions)
{
    private const int GridPoints = 9;

    public TrainingRun Run { get; private set; } = null!;

    public ModelRun Trained { get; private set; } = null!;

    public ModelResult Result => Trained.Result!;

    /// <summary>The values that are asked about.</summary>
    public InputForm Form { get; private set; } = null!;

    /// <summary>The column that is varied, or −1.</summary>
    public int Varied { get; private set; } = -1;

    /// <summary>The prediction, once asked for.</summary>
    public Prediction? Prediction { get; private set; }

    /// <summary>Predictions along the column that is varied.</summary>
    public IReadOnlyList<(string Value, Prediction Prediction)> Variations { get; private set; } = [];

    protected override bool NeedsTable => false;

    public IActionResult OnGet(int id, string key)
    {
        if (!Find(id, key))
            return NotFound();
        return Page();
    }

    /// <summary>A prediction for the values of the form.</summary>
    public IActionResult OnPost(int id, string key, int? vary)
    {
        if (!Find(id, key))
            return NotFound();
        Form = InputForm.Of(
            Run.Setup,
            Enumerable.Range(0, Run.Setup.Inputs.Count).Select(i => Request.Form[InputForm.FieldName(i)].ToString()));
        Varied = vary is >= 0 and var chosen && chosen < Run.Setup.Inputs.Count ? chosen : -1;
        if (!Form.IsValid)
            return Again("Some values cannot be used; they are marked below.");
        Prediction = Predictor.Predict(Result, Run.Setup, [Form])[0];
        if (Varied >= 0)
        {
            InputForm[] rows = [.. Form.Vary(Varied, GridPoints)];
            Variations = [.. rows.Select(row => row.Values[Varied]).Zip(Predictor.Predict(Result, Run.Setup, rows))];
        }
        return Page();
    }

    public IActionResult OnGetZip(int id, string key)
    {
        if (!Find(id, key))
            return NotFound();
        using var stream = new MemoryStream();
        Result.Context.Model.Save(Result.Model, Result.InputSchema, stream);
        return File(stream.ToArray(), "application/zip", $"{key}.zip");
    }

    public IActionResult OnGetOnnx(int id, string key)
    {
        if (!Find(id, key))
            return NotFound();
        try
        {
            return File(OnnxFile.Write(Result), "application/octet-stream", $"{key}.onnx");
        }
        catch (BadFileException e)
        {
            return Again(e.Message);
        }
    }

    public IActionResult OnGetProject(int id, string key)
    {
        if (!Find(id, key))
            return NotFound();
        using var stream = new MemoryStream();
        new GeneratedProject(Run.Setup, Trained.Candidate, Result).WriteTo(stream);
        return File(stream.ToArray(), "application/zip", $"{key}-project.zip");
    }

    public async Task<IActionResult> OnGetPredictionsAsync(int id, string key)
    {
        if (!Find(id, key))
            return NotFound();
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        await HeldOutPredictions.WriteAsync(Run, Result, text);
        return File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", $"{key}-predictions.csv");
    }

    /// <summary>A model of this session that is done.</summary>
    private bool Find(int id, string key)
    {
        if (Session.Run(id) is not { } run || run.Models.FirstOrDefault(model => model.Candidate.Key == key) is not { Result: not null } trained)
            return false;
        (Run, Trained, Form) = (run, trained, InputForm.Typical(run.Setup));
        return true;
    }
}
