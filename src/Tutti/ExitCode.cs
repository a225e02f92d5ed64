// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands;

/// <summary>What the executable answers to the shell; the numbers above 63 are those of sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>Done. Of a job: its receipt adds up and nothing waits.</summary>
    public const int Done = 0;

    /// <summary>What was asked for was shown, and not all servers of the installation are alike in it.</summary>
    public const int Differs = 1;

    /// <summary>Something that a person can mend was refused: input, a state, an existing folder.</summary>
    public const int Refused = 2;

    /// <summary>The time that the caller gave was over before the work was.</summary>
    public const int TimedOut = 3;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 64;

    /// <summary>The other side could not be reached or broke off.</summary>
    public const int Unavailable = 69;

    /// <summary>A fault of the program itself.</summary>
    public const int Fault = 70;

    /// <summary>The configuration does not allow a start.</summary>
    public const int Configuration = 78;
}
