// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Signing;

internal static class DkimRefusals
{
    public static Refusal NoDomain(string domain) =>
        new(RefusalKind.Invalid, "dkim.no-domain", $"'{domain}' is no domain. Give the part behind the @ of the sender's address, such as news.example.com.", "domain");

    public static Refusal NoSelector(string selector) =>
        new(RefusalKind.Invalid, "dkim.no-selector", $"'{selector}' is no selector. Use letters, digits and hyphens, such as tutti1.", "selector");

    public static Refusal Exists(string domain, string selector) =>
        new(RefusalKind.Conflict, "dkim.exists", $"There is a key {selector} for {domain} already. Choose another selector, or leave it out.", "selector");

    public static Refusal NoKey(string domain, string selector) =>
        new(RefusalKind.NotFound, "dkim.no-key", $"There is no key {selector} for {domain}. See them all: tutti dkim list", "selector");

    public static Refusal Unreadable(string domain, string selector, string problem) =>
        new(RefusalKind.Conflict, "dkim.unreadable", $"The key {selector} for {domain} cannot be used: {problem}", "selector");

    public static Refusal Signs(string domain, string selector) =>
        new(RefusalKind.Conflict, "dkim.signs", $"The key {selector} signs the mail of {domain}. Make another one and let it sign first: tutti dkim create, tutti dkim use", "selector");
}
