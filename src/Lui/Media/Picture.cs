// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Media;

/// <summary>An image of the library.</summary>
/// <param name="Key">The part of its address that its bytes decide.</param>
/// <param name="Digest">SHA-256 of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Name">File name.</param>
/// <param name="Alt">What it shows, for those who do not see it; may be empty.</param>
/// <param name="ContentType">PNG, JPEG, GIF or WebP.</param>
/// <param name="Size">In bytes.</param>
/// <param name="By">Who brought it.</param>
/// <param name="At">When.</param>
internal sealed record Picture(string Key, string Digest, string Name, string Alt, string ContentType, long Size, Actor By, DateTimeOffset At)
{
    /// <summary>Where images are served; never used for anything else.</summary>
    public const string Root = "/m/";

    private const int KeyBytes = 16;

    /// <summary>The address that readers' mail programs ask, relative to LUI's public one. Other bytes have another address, so it may be kept for ever.</summary>
    public string Path => $"{Root}{Key}/{NameInPath}";

    /// <summary>What a text holds if it shows this image.</summary>
    public string Mark => $"{Root}{Key}/";

    private string NameInPath => string.Concat(Name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-'));

    /// <summary>The key of bytes: half of their digest, which nobody can make twice.</summary>
    public static string KeyOf(string digest) => Base64Url.EncodeToString(Convert.FromHexString(digest).AsSpan(0, KeyBytes));
}
