// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Dst.Suppression;

namespace Tutti.Dst.Lanes;

/// <summary>What all lanes share.</summary>
internal sealed record LaneParts(
    JournalWorker Journal,
    HostNumbers Hosts,
    StoreGroup Group,
    RecipientStore Recipients,
    SuppressionStore Suppression,
    Courses Courses,
    LaneTroubles Troubles,
    MailRoutes Routes,
    SmtpDialer Dialer,
    Departures Departures,
    Messages Messages,
    RateLimit Rate,
    CurrentPolicies Policies,
    Paces Paces,
    LaneHolds Holds,
    LaneSettings Settings,
    QueueSettings Queue,
    LaneFigures Figures,
    TimeProvider Clock);
