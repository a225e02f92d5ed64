using System.Security.Cryptography;

namespace Tutti.Dst.Signing;

/// <summary>A key that signs for a domain.</summary>
/// <param name="Domain">In lower case; the d= of the signature.</param>
/// <param name="Selector">The s= of the signature.</param>
/// <param name="Key">RSA, from 1024 bits; may sign on many threads at a time.</param>
internal sealed record DkimKey(string Domain, string Selector, RSA Key);
