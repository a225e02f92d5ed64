// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Jobs;

/// <summary>A sender as people write it: <c>news@example.com</c> or <c>The Society &lt;news@example.com&gt;</c>.</summary>
internal sealed record MailAddressText(string Name, string Address)
{
    /// <summary>Takes name and address apart; whether the address is one is for LUI to say.</summary>
    public static MailAddressText Read(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.LastIndexOf('<');
        return open >= 0 && trimmed.EndsWith('>')
            ? new MailAddressText(trimmed[..open].Trim().Trim('"'), trimmed[(open + 1)..^1].Trim())
            : new MailAddressText("", trimmed);
    }
}
