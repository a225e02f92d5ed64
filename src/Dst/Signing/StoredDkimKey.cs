// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Dkim;

namespace Tutti.Dst.Signing;

/// <summary>What a key does.</summary>
public enum DkimKeyState
{
    /// <summary>It signs.</summary>
    Signing,

    /// <summary>It signs nothing yet: its record has to be published first.</summary>
    Waiting,

    /// <summary>It signs nothing any more; its record stays published as long as mail signed by it may be on its way.</summary>
    Retired,
}

/// <summary>A key of a distributor.</summary>
/// <param name="Domain">The sender domain.</param>
/// <param name="Selector">Its name in that domain.</param>
/// <param name="State">What it does.</param>
/// <param name="Path">Where the private key lies.</param>
/// <param name="WrittenAt">When it was made or began to sign, UTC.</param>
/// <param name="Algorithm">Its kind; null if it cannot be read.</param>
/// <param name="Record">The DNS record that belongs to it; null if it cannot be read.</param>
/// <param name="Problem">Why it cannot be read, or empty.</param>
public sealed record StoredDkimKey(
    string Domain, string Selector, DkimKeyState State, string Path, DateTime WrittenAt, DkimAlgorithm? Algorithm, DkimRecord? Record, string Problem);

/// <summary>A new key, and what has to be published so that receivers can check its signatures.</summary>
/// <param name="Domain">The sender domain.</param>
/// <param name="Selector">The selector.</param>
/// <param name="File">Where the private key lies.</param>
/// <param name="RecordName">Name of the TXT record.</param>
/// <param name="RecordText">Text of the TXT record; in zone files longer texts are cut into strings of 255 characters.</param>
/// <param name="Waits">Whether it signs nothing before it is taken into use, because another key of its kind signs for the domain.</param>
public sealed record CreatedDkimKey(string Domain, string Selector, string File, string RecordName, string RecordText, bool Waits);

/// <summary>A key file as found on disk.</summary>
internal sealed record DkimKeyFile(string Domain, string Selector, DkimKeyState State, string Path, DateTime WrittenAt);
