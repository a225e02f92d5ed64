// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Addresses;

/// <summary>Why a text is not an address that mail can be sent to. A closed list; the words for people are in <see cref="AddressProblems"/>.</summary>
public enum AddressProblem
{
    /// <summary>It is an address.</summary>
    None,

    /// <summary>Nothing but blanks.</summary>
    Empty,

    /// <summary>A control character, for instance a line break or NUL: SMTP would take what follows as a command.</summary>
    ControlCharacter,

    /// <summary>No @.</summary>
    NoAt,

    /// <summary>Nothing before the @.</summary>
    NoLocalPart,

    /// <summary>Nothing behind the @.</summary>
    NoDomain,

    /// <summary>The domain has no dot.</summary>
    NoDotInDomain,

    /// <summary>The part before the @ has more than 64 octets (RFC 5321 §4.5.3.1.1).</summary>
    LocalPartTooLong,

    /// <summary>The address has more than 254 octets (RFC 5321 §4.5.3.1.3, path without brackets).</summary>
    TooLong,

    /// <summary>A character before the @ that needs quoting or that mail servers outside the ASCII range do not take.</summary>
    BadCharacter,

    /// <summary>A dot at the start or at the end of the local part, or two in a row.</summary>
    MisplacedDot,

    /// <summary>A quoted local part with anything but letters, digits, dots and the signs of RFC 5322 atoms.</summary>
    UnsafeQuoting,

    /// <summary>The domain is not a host name.</summary>
    BadDomain,
}

/// <summary>Words for <see cref="AddressProblem"/>.</summary>
public static class AddressProblems
{
    /// <summary>Says in a short sentence without a full stop what is wrong.</summary>
    public static string InWords(this AddressProblem problem) => problem switch
    {
        AddressProblem.None => "nothing is wrong",
        AddressProblem.Empty => "the address is empty",
        AddressProblem.ControlCharacter => "there is a line break or another control character in it",
        AddressProblem.NoAt => "the @ is missing",
        AddressProblem.NoLocalPart => "nothing stands before the @",
        AddressProblem.NoDomain => "nothing stands behind the @",
        AddressProblem.NoDotInDomain => "the domain has no dot",
        AddressProblem.LocalPartTooLong => "the part before the @ is longer than 64 characters",
        AddressProblem.TooLong => "the address is longer than 254 characters",
        AddressProblem.BadCharacter => "there is a character before the @ that is not allowed there",
        AddressProblem.MisplacedDot => "a dot stands first, last or doubled before the @",
        AddressProblem.UnsafeQuoting => "the quoted part before the @ holds characters that mail servers misread",
        AddressProblem.BadDomain => "the domain is not a valid host name",
    };
}
