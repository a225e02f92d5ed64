// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor;

/// <summary>When this server was started secured for the last time: <c>conf/last-secured</c>. Deleting one file makes a server plain; that shall not happen unseen.</summary>
internal static class LastSecured
{
    private static string PathIn(HomeFolder home) => home.Resolve("conf/last-secured");

    /// <summary>It starts secured now.</summary>
    public static void Note(HomeFolder home, DateTimeOffset at)
    {
        try
        {
            PrivateFile.Replace(PathIn(home), System.Text.Encoding.ASCII.GetBytes(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) + "\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A configuration that this process may not write to keeps no server from starting.
        }
    }

    /// <summary>The moment, or null if there was none.</summary>
    public static DateTimeOffset? At(HomeFolder home)
    {
        try
        {
            return DateTimeOffset.TryParse(File.ReadLines(PathIn(home)).FirstOrDefault(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>From now on it is plain on purpose.</summary>
    public static void Forget(HomeFolder home) => File.Delete(PathIn(home));
}
