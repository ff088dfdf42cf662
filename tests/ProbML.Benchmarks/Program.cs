using ProbML.Benchmarks;

// dotnet run --project tests/ProbML.Benchmarks -c Release -- glm [rows] [features]
string what = args.Length > 0 ? args[0] : "";
switch (what)
{
    case "glm":
        return GlmBenchmark.Run([.. args.Skip(1)]);
    case "glm-path":
        return GlmPathBenchmark.Run([.. args.Skip(1)]);
    case "glm-sparse":
        return GlmSparseBenchmark.Run([.. args.Skip(1)]);
    case "glm-limit":
        return GlmLimitBenchmark.Run([.. args.Skip(1)]);
    case "glm-file":
        return GlmFileBenchmark.Run([.. args.Skip(1)]);
    case "coverage":
        return CoverageReport.Run([.. args.Skip(1)]);
    case "bayes":
        return BayesBenchmark.Run([.. args.Skip(1)]);
    case "gp":
        return GaussianProcessBenchmark.Run([.. args.Skip(1)]);
    case "gp-class":
        return GaussianProcessClassBenchmark.Run();
    case "torch":
        return TorchBenchmark.Run([.. args.Skip(1)]);
    case "vae":
        return VaeBenchmark.Run([.. args.Skip(1)]);
    case "ratio":
        return RatioBenchmark.Run([.. args.Skip(1)]);
    case "flow":
        return FlowBenchmark.Run([.. args.Skip(1)]);
    case "onnx":
        return OnnxBenchmark.Run([.. args.Skip(1)]);
    case "shards":
        return ShardBenchmark.Run([.. args.Skip(1)]);
    case "gp-sparse":
        return GpSparseBenchmark.Run([.. args.Skip(1)]);
    case "service":
        return ServiceBenchmark.Run([.. args.Skip(1)]);
    case "reports":
        return ReportBenchmark.Run([.. args.Skip(1)]);
    default:
        Console.Error.WriteLine(
            "usage: ProbML.Benchmarks glm | glm-file | glm-path | glm-sparse | glm-limit | coverage | gp-class | gp-sparse | torch | vae "
            + "| flow | ratio | onnx | shards [rows [features]] "
            + "| service [seconds [clients [rows]]] "
            + "| reports [rows ...] "
            + "| bayes [uci | nuts | sbc | coverage | groups | rows | scoring] | gp [uci [splits [sets]] | outputs | predict | device [n [device]]]");
        return 2;
}
