using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words that the tool understands.</summary>
internal sealed class CommandLine
{
    private readonly Option<string> data = Text(
        "--data", "The file of rows: comma, semicolon or tab separated, with a header.", true);
    private readonly Option<string> fitData = Text("--data", "The file of rows: comma, semicolon or tab separated, with a header.");
    private readonly Option<string[]> shards = new("--shards")
    {
        Description = "Files whose rows are fitted as one, instead of --data: names or a pattern such as 'part-*.csv'.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> label = Text("--label", "The column to be predicted; there is none for --model vae and flow, nor for ratio with --reference.");
    private readonly Option<string> output = Text("--out", "The file to write.", true);
    private readonly Option<string> model = Text(
        "--model",
        "The kind of model: glm (unless given), bayes, gp, a Gaussian process, ratio, of two samples' densities, vae, a variational autoencoder, or flow, a normalizing flow.");
    private readonly Option<string> modelFile = Text("--model", "A model that fit wrote.", true);
    private readonly Option<string> family = Text(
        "--family", $"The distribution of the label: {string.Join(", ", ModelChoice.Families)}. Gaussian unless given.");
    private readonly Option<string> link = Text(
        "--link",
        $"The link of the mean and the linear predictor: {string.Join(", ", ModelChoice.Links)}. The family's own unless given.");
    private readonly Option<string> coding = Text(
        "--coding", "Multinomial coefficients: reference (against the first level, unless given) or symmetric.");
    private readonly Option<double?> lower = Number("--lower", "The limit that responses do not fall below (Tobit).", _ => true, "");
    private readonly Option<double?> upper = Number("--upper", "The limit that responses do not rise above (Tobit).", _ => true, "");
    private readonly Option<string[]> features = List(
        "--features", "The columns to predict from, in order. All others unless given.");
    private readonly Option<string[]> ignore = List("--ignore", "Columns that are no features.");
    private readonly Option<string[]> categorical = List("--categorical", "Columns of numbers that are levels.");
    private readonly Option<string[]> baselines = Many(
        "--baseline",
        "column=level: the level that the others are compared with; 'column=' for none. The first unless given.");
    private readonly Option<string> positive = Text("--positive", "The label that counts as 1 (Bernoulli).");
    private readonly Option<string[]> levels = List(
        "--levels", "The label's levels in order: from low to high (ordinal), the reference first (multinomial).");
    private readonly Option<string> weight = Text("--weight", "The column of prior weights.");
    private readonly Option<string> offset = Text("--offset", "The column that is added to the linear predictor.");
    private readonly Option<string> exposure = Text(
        "--exposure", "The column that the mean is proportional to (log link).");
    private readonly Option<double?> l1 = Number("--l1", "The weight of the sum of |b|.", v => v >= 0, "at least 0");
    private readonly Option<double?> l2 = Number(
        "--l2", "The weight of half the sum of b squared.", v => v >= 0, "at least 0");
    private readonly Option<bool> penaliseIntercept = Switch("--penalise-intercept", "Penalise the intercept too.");
    private readonly Option<bool> noIntercept = Switch("--no-intercept", "Leave out the constant column.");
    private readonly Option<double?> theta = Number(
        "--theta", "The negative binomial's theta, if known.", v => v > 0, "greater than 0");
    private readonly Option<double?> power = Number(
        "--power", "Tweedie's variance power, or the power link's exponent.", _ => true, "");
    private readonly Option<string> dropTest = Text(
        "--drop-test", "A column to leave out, for a likelihood-ratio test.");
    private readonly Option<bool> profile = Switch(
        "--profile", "Profile-likelihood intervals, however long they take; without it where they take little.");
    private readonly Option<string> robust = Text(
        "--robust", "Standard errors that allow for a wrong variance: hc0, hc1, hc2 or hc3.");
    private readonly Option<string> cluster = Text(
        "--cluster", "The column whose equal values mark rows that depend on each other: standard errors allow for it.");
    private readonly Option<bool> firth = Switch("--firth", "Firth's bias-reduced fit, finite where classes are separated.");
    private readonly Option<bool> path = Switch(
        "--path", "Fit along a path of penalties, and take the one that cross-validation chooses.");
    private readonly Option<double?> alpha = Number(
        "--alpha", "The path's mixture: 1 lasso (unless given), 0 ridge.", v => v is >= 0 and <= 1, "between 0 and 1");
    private readonly Option<double?> folds = Number(
        "--cv", "The number of folds (10 unless given).", v => v >= 2 && v == Math.Floor(v) && v < 1e6, "a whole number, 2 or more");
    private readonly Option<string> lambdaRule = Text(
        "--lambda-rule", "Which penalty: min (the best) or 1se (the largest within one standard error, unless given).");
    private readonly Option<string> method = Text(
        "--inference",
        "How a Bayesian posterior is found: laplace, vi, vi-diagonal, vi-flow, ep, nuts, map, or of a Gaussian linear model evidence (unless given), "
            + "ard, conjugate. Of a Gaussian process: exact (unless given), sgpr, fitc, svgp, cg, or, if not --family gaussian, laplace (unless "
            + "given), ep, vi. With --group: reml (of a Gaussian linear model, unless given), laplace, nuts, or quadrature.");
    private readonly Option<string[]> priors = Many(
        "--prior",
        "A prior of every coefficient, 'normal(0,2.5)', or of one, 'column=cauchy(0,1)': normal, student-t, cauchy, laplace, horseshoe, flat. Of a "
            + "hyperparameter of --model gp, as 'lengthscale=gamma(2,1)': normal, lognormal, gamma, inversegamma.");
    private readonly Option<string> dispersionPrior = Text(
        "--dispersion-prior", "The prior of a free dispersion: fixed(1), half-cauchy(2.5), inverse-gamma(2,1), exponential(1), log-normal(0,1).");
    private readonly Option<double?> chains = Count("--chains", "The chains of --inference nuts (4 unless given).");
    private readonly Option<double?> warmup = Count("--warmup", "Their iterations that adapt and are thrown away (1000 unless given).");
    private readonly Option<double?> draws = Count("--draws", "The draws kept of each (1000 unless given).");
    private readonly Option<string[]> groups = Many(
        "--group",
        "A column whose groups have coefficients of their own (--model bayes): the intercept, or 'column=a,b' with the slopes of a and b.");
    private readonly Option<string[]> slopes = List("--slopes", "The columns whose coefficients differ between the groups of --group.");
    private readonly Option<bool> independent = Switch("--independent", "The groups' coefficients are independent of each other.");
    private readonly Option<double?> level = Number(
        "--level", "The probability that an interval should hold, such as 0.9.", v => v is > 0 and < 1, "between 0 and 1");
    private readonly Option<int?> seed = Seed("--seed", "The seed of whatever is random, a whole number.");
    private readonly Option<bool> json = Switch("--json", "Print one JSON object.");
    private readonly Option<bool> keep = Switch("--keep", "Copy the input columns in front of the predictions.");
    private readonly Option<string> unseen = Text(
        "--unseen", "What to do with a level that was not in training: error (unless given) or missing (no prediction).");
    private readonly GpWords gp = new();
    private readonly VaeWords vae = new();
    private readonly RatioWords ratio = new();
    private readonly DriftWords drift = new();
    private readonly ReportWords report = new();
    private readonly Option<string[]> columns = List(
        "--columns", "The columns that the ONNX file gives. All the model's predictions unless given.");
    private readonly Option<double?> opset = Number(
        "--opset", "The version of ONNX's operators, 9 to 12 (12 unless given).", v => v is 9 or 10 or 11 or 12, "9, 10, 11 or 12");
    private readonly Argument<string> modelArgument = new("model") { Description = "A model that fit wrote." };

    public RootCommand Build(Commands commands)
    {
        Command fit = new("fit", "Fit a model to a file of rows.")
        {
            fitData, shards, label, model, family, link, features, ignore, categorical, baselines, positive, levels, coding, lower, upper,
            weight, offset, exposure, l1, l2, penaliseIntercept, noIntercept, theta, power, dropTest, profile, robust, cluster,
            firth, path, alpha, folds, lambdaRule, method, priors, dispersionPrior, chains, warmup, draws, groups, slopes, independent,
            level, seed, output, json,
        };
        gp.AddTo(
            fit, model, [fitData, shards, label, family, link, positive, theta, features, ignore, categorical, baselines, weight, offset, method, priors, level, seed, output, json, vae.Device]);
        ratio.AddTo(fit, model, label, l2, [fitData, positive, features, ignore, categorical, baselines, weight, seed, output, json]);
        vae.AddTo(fit, model, label, ratio, [fitData, features, ignore, categorical, weight, seed, output, json]);
        fit.Validators.Add(CheckData);
        fit.SetAction(result => result.GetValue(model) switch
        {
            VaeWords.Name => commands.FitVae(vae.Request(result, Fit(result))),
            FlowWords.Name => commands.FitFlow(vae.FlowRequest(result, Fit(result))),
            _ => commands.Fit(Fit(result)),
        });
        Command summary = new("summary", "Show what a model is.") { modelArgument, json };
        summary.SetAction(result => commands.Summary(new(result.GetRequiredValue(modelArgument), result.GetValue(json))));
        Command evaluate = new("evaluate", "Compare a model's predictions with known labels.")
        {
            modelFile, data, level, unseen, json,
        };
        evaluate.SetAction(result => commands.Evaluate(new(
            result.GetRequiredValue(modelFile),
            result.GetRequiredValue(data),
            result.GetValue(level),
            Unseen(result),
            result.GetValue(json))));
        Command predict = new("predict", "Predict the rows of a file.")
        {
            modelFile, data, output, level, keep, unseen,
        };
        predict.SetAction(result => commands.Predict(new(
            result.GetRequiredValue(modelFile),
            result.GetRequiredValue(data),
            result.GetRequiredValue(output),
            result.GetValue(level),
            result.GetValue(keep),
            Unseen(result))));
        Command export = new("export", "Write a model as an ONNX file, for other programs to predict with.")
        {
            modelFile, output, columns, opset, json,
        };
        export.SetAction(result => commands.Export(new(
            result.GetRequiredValue(modelFile),
            result.GetRequiredValue(output),
            Split(result, columns),
            (int)(result.GetValue(opset) ?? 12),
            result.GetValue(json))));
        return new("Probabilistic models from files: every prediction is a distribution.")
        {
            fit, summary, evaluate, predict, export, report.Build(commands, modelFile, unseen, Unseen, seed, json),
            drift.Build(commands, features, ignore, categorical, seed, json),
        };
    }

    /// <summary>One of --data and --shards; and with the latter nothing that needs all rows in one place.</summary>
    private void CheckData(CommandResult result)
    {
        bool isSharded = result.GetResult(shards) is not null;
        if (!isSharded && result.GetResult(fitData) is null)
            result.AddError("Option '--data' is required");
        if (!isSharded)
            return;
        foreach (var option in (Option[])[fitData, dropTest, profile, robust, cluster, firth, path, groups])
        {
            if (result.GetResult(option) is { Implicit: false })
                result.AddError($"--shards does not go with {option.Name}, which needs the rows in one file");
        }
        if (result.GetValue(model) == GpWords.Name && result.GetValue(method) is not ("sgpr" or "fitc"))
            result.AddError("--shards with --model gp needs --inference sgpr or fitc: the others read the rows themselves");
    }

    private FitRequest Fit(ParseResult result) => new()
    {
        Data = result.GetValue(fitData) ?? "",
        Shards = result.GetValue(shards) ?? [],
        Reference = ratio.Reference(result),
        Label = result.GetValue(label) ?? (ratio.Reference(result) is null ? "" : RatioWords.FileLabel),
        Out = result.GetRequiredValue(output),
        Model = result.GetValue(model) ?? "glm",
        Family = result.GetValue(family),
        Link = result.GetValue(link),
        Features = Split(result, features),
        Ignore = Split(result, ignore),
        Categorical = Split(result, categorical),
        Baselines = result.GetValue(baselines) ?? [],
        Positive = result.GetValue(positive),
        Levels = Split(result, levels),
        Coding = result.GetValue(coding),
        Lower = result.GetValue(lower),
        Upper = result.GetValue(upper),
        Weight = result.GetValue(weight),
        Offset = result.GetValue(offset),
        Exposure = result.GetValue(exposure),
        L1 = result.GetValue(l1) ?? 0,
        L2 = result.GetValue(l2) ?? 0,
        PenaliseIntercept = result.GetValue(penaliseIntercept),
        NoIntercept = result.GetValue(noIntercept),
        Theta = result.GetValue(theta),
        Power = result.GetValue(power),
        DropTest = result.GetValue(dropTest),
        Profile = result.GetValue(profile),
        Robust = result.GetValue(robust),
        Cluster = result.GetValue(cluster),
        Firth = result.GetValue(firth),
        Path = result.GetValue(path),
        Alpha = result.GetValue(alpha),
        Folds = (int?)result.GetValue(folds),
        LambdaRule = result.GetValue(lambdaRule),
        Method = result.GetValue(method),
        Priors = result.GetValue(priors) ?? [],
        DispersionPrior = result.GetValue(dispersionPrior),
        Chains = (int?)result.GetValue(chains),
        Warmup = (int?)result.GetValue(warmup),
        Draws = (int?)result.GetValue(draws),
        Gp = gp.Request(result) with { Device = result.GetValue(vae.Device) },
        Ratio = ratio.Request(result, result.GetValue(l2), vae.Network(result)),
        Groups = result.GetValue(groups) ?? [],
        Slopes = Split(result, slopes),
        Independent = result.GetValue(independent),
        Level = result.GetValue(level) ?? 0.95,
        Seed = result.GetValue(seed),
        Json = result.GetValue(json),
    };

    private bool Unseen(ParseResult result) => result.GetValue(unseen) switch
    {
        null or "error" => false,
        "missing" => true,
        var other => throw new UsageException($"--unseen is 'error' or 'missing', not '{other}'."),
    };
}
