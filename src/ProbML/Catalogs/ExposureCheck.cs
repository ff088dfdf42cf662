namespace ProbML;

/// <summary>An exposure goes with the log link alone.</summary>
internal static class ExposureCheck
{
    /// <exception cref="ArgumentException">There is an exposure with another link.</exception>
    public static void Require(ColumnRoles roles, ILinkFunction link)
    {
        if (roles.Exposure is not null && link is not LogLink)
            throw new ArgumentException(
                $"An exposure enters as ln(exposure) with the log link, but the link is {link.Name}. "
                + "Use an offset column, or the log link.",
                nameof(roles));
    }
}
