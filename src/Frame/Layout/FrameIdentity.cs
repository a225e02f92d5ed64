// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.Layout;

/// <summary>What a component tells the frame of itself: its name, its navigation, its way out.</summary>
/// <param name="Product">Shown in the corner and in the window's title.</param>
/// <param name="Base">The path below which its pages lie, with a slash at the end.</param>
/// <param name="Navigation">What stands on the left, in order.</param>
/// <param name="SignOutPath">Where the sign-out form posts to.</param>
/// <param name="Tools">What stands in the top bar before the account, for who is signed in; null for nothing.</param>
public sealed record FrameIdentity(string Product, string Base, IReadOnlyList<NavigationEntry> Navigation, string SignOutPath, Type? Tools = null);

/// <summary>A place in the navigation.</summary>
/// <param name="Title">One or two words.</param>
/// <param name="Path">Relative to the base, or absolute where it leads to another component.</param>
/// <param name="Icon">SVG path of the icon.</param>
/// <param name="Whole">Only this very address is it, not what lies below.</param>
/// <param name="AdministratorsOnly">Shown only to administrators.</param>
/// <param name="Below">Beginning of the addresses that also belong to it, where <paramref name="Whole"/> is set.</param>
/// <param name="Posts">It is a form's button, because going there does something.</param>
public sealed record NavigationEntry(
    string Title, string Path, string Icon, bool Whole = false, bool AdministratorsOnly = false, string? Below = null, bool Posts = false);
