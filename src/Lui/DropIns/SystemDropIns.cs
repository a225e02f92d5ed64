// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Mail.Merging;

namespace Tutti.Lui.DropIns;

/// <summary>The drop-ins that every message has.</summary>
internal static class SystemDropIns
{
    /// <summary>Their values for a job, by their names without the asterisk.</summary>
    public static IReadOnlyDictionary<string, string> Of(Job? job, JobSender sender) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["UnsubscribeURL"] = $"{{{{ {SystemFields.UnsubscribeUrl} }}}}",
        ["ViewInBrowserURL"] = $"{{{{ {SystemFields.ViewUrl} }}}}",
        ["ProfileURL"] = $"{{{{ {SystemFields.ProfileUrl} }}}}",
        ["JobID"] = job?.Code ?? "",
        ["JobTitle"] = job?.Title ?? "",
        ["FromAddress"] = sender.Address,
        ["FromName"] = sender.Name,
        ["ReplyToAddress"] = sender.ReplyTo ?? sender.Address,
        ["Organisation"] = sender.Organisation ?? "",
        ["PostalAddress"] = sender.PostalAddress ?? "",
    };
}
