namespace ProbML.Studio;

/// <summary>What one user has uploaded and trained; nobody else can reach it.</summary>
internal sealed class StudioSession(string folder, int maximumRuns) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<TrainingRun> runs = [];
    private int lastRun;
    private long lastUsed = Environment.TickCount64;
    private volatile Table? table;
    private volatile Setup? setup;
    private volatile DriftResult? drift;

    /// <summary>The uploaded file.</summary>
    public string DataPath => Path.Combine(folder, "data");

    public string Folder => folder;

    public Table? Table => table;

    public Setup? Setup => setup;

    /// <summary>The last comparison with a second file.</summary>
    public DriftResult? Drift
    {
        get => drift;
        set => drift = value;
    }

    public IReadOnlyList<TrainingRun> Runs
    {
        get
        {
            lock (gate)
                return [.. runs];
        }
    }

    public TimeSpan Idle => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref lastUsed));

    /// <summary>Whether a training goes on or waits.</summary>
    public bool IsTraining => Runs.Any(run => !run.HasEnded);

    public void Touch() => Volatile.Write(ref lastUsed, Environment.TickCount64);

    /// <summary>Works with another table from now on; trained models stay.</summary>
    public void Use(Table read)
    {
        setup = null;
        drift = null;
        table = read;
    }

    public void Choose(Setup chosen) => setup = chosen;

    public TrainingRun? Run(int id) => Runs.FirstOrDefault(run => run.Id == id);

    /// <summary>Makes room for a run and keeps it.</summary>
    public TrainingRun Add(Setup chosen, IReadOnlyList<ModelCandidate> candidates)
    {
        lock (gate)
        {
            var run = new TrainingRun(++lastRun, chosen, candidates);
            while (runs.Count >= maximumRuns)
            {
                runs[0].Dispose();
                runs.RemoveAt(0);
            }
            runs.Add(run);
            return run;
        }
    }

    /// <summary>Takes back a run that could not start.</summary>
    public void Remove(TrainingRun run)
    {
        lock (gate)
            runs.Remove(run);
        run.Dispose();
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var run in runs)
                run.Dispose();
            runs.Clear();
        }
        table = null;
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Still being written by a request that will fail; the folder goes when the program ends.
        }
    }
}
