// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Moving;

/// <summary>The first entry of an archive: what is in it and how to know that it is whole.</summary>
/// <param name="Archive">Its number, made at random.</param>
/// <param name="Version">The version that wrote it; another one may keep its data differently.</param>
/// <param name="At">When it was written.</param>
/// <param name="Host">The server that it came from.</param>
/// <param name="Home">The folder that it came from.</param>
/// <param name="Components">What it holds.</param>
/// <param name="Files">Every file, with its size and SHA-256.</param>
/// <param name="Cluster">With HUB, where the installation has an authority of its own: who is in it.</param>
internal sealed record MoveManifest(
    string Archive, string Version, DateTimeOffset At, string Host, string Home, IReadOnlyList<string> Components, IReadOnlyList<MovedFile> Files, MovedCluster? Cluster = null)
{
    /// <summary>Its name in the archive.</summary>
    public const string EntryName = "tutti-move.json";
}

/// <summary>The servers of an installation with an authority of its own.</summary>
/// <param name="Allowed">Host names of all of them.</param>
/// <param name="IsSecured">False while they are prepared only.</param>
internal sealed record MovedCluster(IReadOnlyList<string> Allowed, bool IsSecured);

/// <summary>A file of a component.</summary>
/// <param name="Path">Below home, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal digits.</param>
internal sealed record MovedFile(string Path, long Size, string Sha256);
