// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Hub.Audit;

/// <summary>One line of the audit log.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string What, string Account, string ClientAddress, string Detail);
