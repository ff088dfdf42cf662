using System.Text.Json.Nodes;
using ProbML.Vae;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>What is known of an autoencoder's fit besides the model.</summary>
internal sealed record VaeFacts(VaeRequest Request, VaeChoice Choice, VaePlan Plan);

/// <summary>An autoencoder's fit as one JSON object.</summary>
internal static class VaeReport
{
    /// <summary>Everything that is known of a model; of one that this tool did not fit, what the model knows itself.</summary>
    /// <param name="model">A VaeModel, or a VaeAnomalyModel.</param>
    /// <param name="facts">What is known of its fit, or null.</param>
    public static JsonObject Build(object model, VaeFacts? facts)
    {
        var detector = model as VaeAnomalyModel;
        var encoder = detector?.Autoencoder ?? (VaeModel)model;
        var report = new JsonObject { ["model"] = VaeWords.Name };
        if (facts is not null)
            AddFacts(report, facts);
        report["latent_size"] = encoder.LatentSizes[0];
        report["upper_latent_sizes"] = Array(encoder.LatentSizes.Skip(1).Select(size => (double)size));
        report["likelihoods"] = new JsonArray([.. encoder.Layout.Groups.Select(group => new JsonObject
        {
            ["likelihood"] = group.Likelihood.ToString(),
            ["columns"] = Array(group.Columns.Select(column => encoder.Layout.FeatureNames[column])),
        })]);
        AddTraining(report, encoder.Receipt);
        report["anomaly"] = detector is null ? null : new JsonObject
        {
            ["score"] = detector.ScoreKind == VaeAnomalyScore.NegativeElbo ? "-elbo" : "-log_likelihood",
            ["threshold"] = Number(detector.Threshold),
            ["false_alarm_rate"] = facts is null
                ? null
                : facts.Request.FalseAlarmRate ?? new VaeAnomalyOptions().FalseAlarmRate,
        };
        return report;
    }

    private static void AddFacts(JsonObject report, VaeFacts facts)
    {
        AddRows(report, facts.Plan);
        report["weights_column"] = facts.Request.Common.Weight;
        report["hidden"] = Array(facts.Choice.Hidden.Select(units => (double)units));
        report["posterior"] = facts.Choice.Posterior;
        report["batch"] = facts.Request.Batch;
        report["learning_rate"] = facts.Request.LearningRate;
    }

    /// <summary>What was read, and what became of its columns.</summary>
    public static void AddRows(JsonObject report, VaePlan plan)
    {
        var scan = plan.Scan;
        report["data"] = new JsonObject
        {
            ["file"] = scan.File.Name,
            ["rows"] = scan.Rows,
            ["missing"] = new JsonObject(plan.Terms
                .Where(term => scan[term.Column].Missing > 0)
                .Select(term => KeyValuePair.Create(term.Column, (JsonNode?)scan[term.Column].Missing))),
        };
        report["design"] = new JsonObject { ["terms"] = new JsonArray([.. plan.Terms.Select(DesignReport.Term)]) };
    }

    private static void AddTraining(JsonObject report, TrainingReceipt receipt)
    {
        var best = receipt.Epochs.FirstOrDefault(epoch => epoch.Epoch == receipt.BestEpoch);
        report["status"] = receipt.Converged ? "completed" : "not_finite";
        report["elbo_per_row"] = Number(Elbo(best?.Terms));
        report["validation_elbo_per_row"] = Number(Elbo(best?.ValidationTerms));
        report["kl_per_row"] = Number(best?.Terms.GetValueOrDefault("Kl", double.NaN) ?? double.NaN);
        report["elbo_per_epoch"] = Array(receipt.Epochs.Select(epoch => Elbo(epoch.Terms)));
        AddReceipt(report, receipt);
    }

    /// <summary>How long and on what a model was trained.</summary>
    public static void AddReceipt(JsonObject report, TrainingReceipt receipt)
    {
        report["epochs"] = receipt.Epochs.Count;
        report["best_epoch"] = receipt.BestEpoch;
        report["rows"] = receipt.Rows;
        report["validation_rows"] = receipt.ValidationRows;
        report["steps"] = receipt.Steps;
        report["parameters"] = receipt.Parameters;
        report["seconds"] = receipt.Seconds;
        report["device"] = receipt.Device;
        report["seed"] = receipt.Seed;
        report["data_hash"] = receipt.DataHash;
        report["versions"] = new JsonObject(
            receipt.Versions.Select(version => KeyValuePair.Create(version.Key, (JsonNode?)version.Value)));
    }

    /// <summary>The mean ELBO of an epoch, in nats: its terms are those of the loss, or the ELBO beside another bound.</summary>
    private static double Elbo(IReadOnlyDictionary<string, double>? terms) => terms is null ? double.NaN
        : terms.TryGetValue("Elbo", out double elbo) ? elbo
        : terms.GetValueOrDefault("Reconstruction", double.NaN) - terms.GetValueOrDefault("Kl", double.NaN);
}
