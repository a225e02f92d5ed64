// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp;

/// <summary>A connection, or the reason why there is none: exactly one of the two.</summary>
/// <param name="Connection">Ready for mail.</param>
/// <param name="Failure">Deferred or Broken.</param>
internal readonly record struct Dialled(SmtpConnection? Connection, Answer? Failure);
