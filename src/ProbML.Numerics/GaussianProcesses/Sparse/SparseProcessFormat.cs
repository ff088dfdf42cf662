namespace ProbML.GaussianProcesses;

/// <summary>A sparse process as bytes.</summary>
internal static class SparseProcessFormat
{
    public static void Write(this SparseProcess process, BinaryWriter writer)
    {
        writer.Write(process.Kernel.ToString());
        writer.WriteArray(process.InducingInputs.ToRows());
        writer.Write(process.NoiseVariance);
        writer.Write(process.MeanConstant);
        writer.Write((byte)process.Approximation);
        writer.Write(process.Jitter);
    }

    /// <summary>The process, and K_mm of its inducing inputs.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static (SparseProcess Process, InducingCovariance Inducing) Read(BinaryReader reader, int features)
    {
        var kernel = Kernel.Parse(reader.ReadString()).ForFeatures(features);
        double[] inputs = reader.ReadDoubleArray("inducing inputs");
        double noise = reader.ReadDouble(), mean = reader.ReadDouble();
        var approximation = (SparseApproximation)reader.ReadByte();
        double jitter = reader.ReadDouble();
        if (inputs.Length == 0 || inputs.Length % features != 0 || !Enum.IsDefined(approximation) || !(noise > 0) || !(jitter >= 0))
            throw new FormatException("The sparse process does not fit together: its bytes are damaged.");
        var process = new SparseProcess
        {
            Kernel = kernel,
            InducingInputs = InputColumns.FromRows(inputs, features),
            NoiseVariance = noise,
            MeanConstant = mean,
            Approximation = approximation,
            Jitter = jitter,
        };
        return (process, InducingCovariance.Create(kernel, process.InducingInputs, jitter, Environment.ProcessorCount));
    }
}
