namespace ProbML.LinearAlgebra;

/// <summary>Shares independent pieces of work among threads.</summary>
internal static class Threads
{
    private const double LeastWork = 4e6;         // multiply-adds that take as long as starting threads several times

    /// <summary>Runs <paramref name="body"/> for 0, …, count − 1, on one thread where the work is small.</summary>
    /// <param name="work">The multiply-adds of all pieces together.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <param name="count">The number of pieces.</param>
    /// <param name="body">A piece; writes nothing that another one reads or writes.</param>
    public static void For(double work, int threads, int count, Action<int> body)
    {
        if (threads > 1 && count > 1 && work >= LeastWork)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
            return;
        }
        for (int i = 0; i < count; i++)
            body(i);
    }
}
