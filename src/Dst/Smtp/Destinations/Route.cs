// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp.Destinations;

/// <summary>The way to a domain: hosts in the order of trial, or why there is none.</summary>
/// <param name="Hosts">Empty only if there is a failure.</param>
/// <param name="Failure">Refused (there is no such way) or Deferred (it could not be found out now).</param>
internal sealed record Route(IReadOnlyList<MailHost> Hosts, Answer? Failure)
{
    public static Route To(params IReadOnlyList<MailHost> hosts) => new(hosts, null);

    public static Route Refused(string enhancedCode, string text) => new([], new Answer(Result.Refused, Stage.Routing, 0, enhancedCode, text));

    public static Route Deferred(string text) => new([], new Answer(Result.Deferred, Stage.Routing, 0, "4.4.3", text));
}
