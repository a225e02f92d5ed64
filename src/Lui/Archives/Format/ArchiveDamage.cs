// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives.Format;

/// <summary>A file is no archive that can be taken in. Travels from deep inside a stream to the edge that tells people why.</summary>
internal sealed class ArchiveDamage : Exception
{
    public ArchiveDamage(Refusal refusal)
        : base(refusal.Message) => Refusal = refusal;

    /// <summary>Why.</summary>
    public Refusal Refusal { get; }
}
