namespace ProbML.DensityRatios;

/// <summary>Remembers which rows a model was fitted to, in thirty bits a row: a Bloom filter of their hashes.</summary>
/// <remarks>
/// Bloom (1970). It never forgets a row; of rows it has not seen it takes one in a million for one it has, which costs such a
/// row nothing but that a model fitted to somewhat fewer rows scores it.
/// </remarks>
internal sealed class RowFilter
{
    private const int BitsPerRow = 30, Probes = 20;

    private readonly ulong[] words;

    public RowFilter(long rows) => words = new ulong[checked((int)((rows * BitsPerRow + 63) / 64 + 1))];

    private RowFilter(ulong[] words) => this.words = words;

    public void Add(ulong hash)
    {
        var (at, step) = Start(hash);
        for (int probe = 0; probe < Probes; probe++, at += step)
            words[Word(at)] |= 1UL << (int)(at & 63);
    }

    public bool Contains(ulong hash)
    {
        var (at, step) = Start(hash);
        for (int probe = 0; probe < Probes; probe++, at += step)
            if ((words[Word(at)] & 1UL << (int)(at & 63)) == 0)
                return false;
        return true;
    }

    public void Write(BinaryWriter writer)
    {
        var halves = new int[2 * words.Length];
        Buffer.BlockCopy(words, 0, halves, 0, 8 * words.Length);
        writer.WriteArray(halves);
    }

    public static RowFilter Read(BinaryReader reader)
    {
        int[] halves = reader.ReadInt32Array("row hashes");
        if (halves.Length == 0 || halves.Length % 2 != 0)
            throw new FormatException("The density ratio's row hashes are damaged.");
        var words = new ulong[halves.Length / 2];
        Buffer.BlockCopy(halves, 0, words, 0, 8 * words.Length);
        return new(words);
    }

    private static (ulong At, ulong Step) Start(ulong hash) => (RowDealer.Mix(hash), hash | 1);

    private int Word(ulong at) => (int)((at >> 6) % (ulong)words.Length);
}
