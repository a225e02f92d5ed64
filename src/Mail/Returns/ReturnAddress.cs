// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Returns;

/// <summary>What an address of a return domain is for.</summary>
public enum ReturnUse
{
    /// <summary>The envelope sender of a message: bounces come here.</summary>
    Bounce,

    /// <summary>In a message's List-Unsubscribe: whoever writes here wants no more mail.</summary>
    Unsubscribe,
}

/// <summary>The addresses of a return domain: a letter for the use, a hyphen, a <see cref="ReturnToken"/>.</summary>
public static class ReturnAddress
{
    /// <summary>The local part of an address; at most 64 octets as RFC 5321 §4.5.3.1.1 has it.</summary>
    public static string LocalPart(ReturnUse use, string token) => PrefixOf(use) + token;

    /// <summary>Reads a local part.</summary>
    public static bool TryRead(ReadOnlySpan<char> localPart, out ReturnUse use, out ReturnToken? token)
    {
        (use, token) = (default, null);
        foreach (var known in Enum.GetValues<ReturnUse>())
        {
            var prefix = PrefixOf(known);
            if (localPart.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && ReturnToken.TryRead(localPart[prefix.Length..], out var read))
            {
                (use, token) = (known, read);
                return true;
            }
        }

        return false;
    }

    private static string PrefixOf(ReturnUse use) => use switch
    {
        ReturnUse.Bounce => "r-",
        ReturnUse.Unsubscribe => "u-",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };
}
