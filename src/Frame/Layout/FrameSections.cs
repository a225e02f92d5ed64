// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.Layout;

/// <summary>Places of the frame that a page fills.</summary>
internal static class FrameSections
{
    /// <summary>The breadcrumb in the top bar.</summary>
    public static readonly object Crumbs = new();
}

/// <summary>Names of roles as they stand in people's cookies.</summary>
public static class FrameRoles
{
    /// <summary>May administer the installation.</summary>
    public const string Administrator = "administrator";
}
