// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;

namespace Tutti.Dst.Feed;

/// <summary>A recipient got its fate.</summary>
internal sealed record FateEvent(long Number, long At, long Job, long Recipient, Standing Fate, int Attempts, string Reply, string Host);
