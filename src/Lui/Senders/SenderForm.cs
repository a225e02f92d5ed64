// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Senders;

/// <summary>A sender while somebody writes it.</summary>
public sealed class SenderForm
{
    /// <summary>Display name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address of the From header.</summary>
    public string Address { get; set; } = "";

    /// <summary>Where answers go.</summary>
    public string ReplyTo { get; set; } = "";

    /// <summary>For the Organization header.</summary>
    public string Organisation { get; set; } = "";

    /// <summary>Postal address, in lines.</summary>
    public string PostalAddress { get; set; } = "";

    /// <summary>Where bounces go.</summary>
    public string BouncesTo { get; set; } = "";

    /// <summary>More headers, a line each.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Whether it says more than name and addresses.</summary>
    public bool SaysMore => Organisation.Length + PostalAddress.Length + BouncesTo.Length + Headers.Length > 0;

    /// <summary>The form of a sender.</summary>
    internal static SenderForm Of(JobSender sender) => new()
    {
        Name = sender.Name,
        Address = sender.Address,
        ReplyTo = sender.ReplyTo ?? "",
        Organisation = sender.Organisation ?? "",
        PostalAddress = sender.PostalAddress ?? "",
        BouncesTo = sender.BouncesTo ?? "",
        Headers = sender.Headers ?? "",
    };

    /// <summary>What was written.</summary>
    internal JobSender ToSender() => new(Name, Address, ReplyTo, Organisation, PostalAddress, BouncesTo, Headers);
}
