using System.Globalization;
using System.Text;

namespace ProbML.Studio.Tests;

/// <summary>Files to upload.</summary>
internal static class Tables
{
    public static string Insurance { get; } = Encoding.UTF8.GetString(Assets.Read("insurance.csv"));

    /// <summary>Every kind of target, from two numbers and a category, with some values missing.</summary>
    public static string Mixed(int rows = 240, bool withMissing = true)
    {
        var random = new Random(7);
        var text = new StringBuilder("size,shop,age,price,visits,bought,kind,grade\n");
        string[] shops = ["north", "south", "east"];
        for (int i = 0; i < rows; i++)
        {
            double size = random.NextDouble() * 4, age = random.NextDouble() * 10;
            int shop = random.Next(3);
            double eta = 0.4 * size + 0.3 * shop - 0.1 * age;
            double noise = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            int visits = 0;
            double rate = Math.Exp(0.5 * eta);
            for (double p = Math.Exp(-rate), u = random.NextDouble(); u > p && visits < 30; p *= rate / visits)
            {
                u -= p;
                visits++;
            }
            string kind = eta + 2 * noise > 1 ? "red" : size > 2 + noise ? "green" : "blue";
            int grade = eta + noise < 0.3 ? 1 : eta + noise < 1 ? 2 : 3;
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{size:F3},{(withMissing && i % 17 == 0 ? "NA" : shops[shop])},{(withMissing && i % 13 == 0 ? "" : age.ToString("F2", CultureInfo.InvariantCulture))},{Math.Exp(eta + 0.5 * noise):F3},{visits},{(eta + 2 * noise > 0.7 ? "yes" : "no")},{kind},{grade}"));
        }
        return text.ToString();
    }
}
