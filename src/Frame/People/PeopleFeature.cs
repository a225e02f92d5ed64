// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tutti.Frame.Words;

namespace Tutti.Frame.People;

/// <summary>How people come in and out: a cookie of the component's own, with keys of its own.</summary>
public static class PeopleFeature
{
    /// <summary>Where the sign-in page lies below the component's path.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>Where the sign-out form posts to, below the component's path.</summary>
    public const string SignOutPath = "/sign-out";

    /// <summary>Where a form from another component posts a ticket to, below the component's path.</summary>
    public const string TicketPath = "/sign-in/ticket";

    private static readonly TimeSpan _idle = TimeSpan.FromHours(12);

    /// <summary>Registers cookie, keys and the protection of forms.</summary>
    /// <param name="services">The component's services.</param>
    /// <param name="cookie">The cookie's name; also keeps this component's keys apart from others'.</param>
    /// <param name="path">The path the cookie belongs to.</param>
    /// <param name="keys">Finds where the keys are kept.</param>
    public static IServiceCollection AddPeople(this IServiceCollection services, string cookie, string path, Func<IServiceProvider, IXmlRepository> keys)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = cookie;
            options.Cookie.Path = path;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = _idle;
            options.SlidingExpiration = true;
            options.LoginPath = SignInPath;
            options.AccessDeniedPath = SignInPath;
            options.ReturnUrlParameter = "next";
            options.Events.OnValidatePrincipal = TurnAwayTheUnwelcome;
        });
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = cookie + "-form";
            options.Cookie.Path = path;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddDataProtection().SetApplicationName(cookie);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            provider => new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = keys(provider)));
        return services;
    }

    /// <summary>Ends what people have open when they are not welcome any more. Call it after the Razor components were added: it takes the place of their provider.</summary>
    /// <typeparam name="T">Who knows it.</typeparam>
    public static IServiceCollection AddStanding<T>(this IServiceCollection services)
        where T : class, IStanding => services
        .AddSingleton<IStanding, T>()
        .AddScoped<AuthenticationStateProvider, StandingProvider>();

    /// <summary>Gives somebody the component's cookie.</summary>
    public static Task SignIn(this HttpContext context, SignedIn person)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(person);
        return context.SignInAsync(person.ToPrincipal(), new AuthenticationProperties { IsPersistent = false });
    }

    /// <summary>Maps the way out. It takes a form only, so that no link on another site can sign anybody out.</summary>
    public static void MapSignOut(this WebApplication app)
    {
        app.MapPost(SignOutPath, async (HttpContext context, IAntiforgery forms) =>
        {
            if (!await forms.IsRequestValidAsync(context))
            {
                return Results.BadRequest(FrameWords.FormTooOld);
            }

            await context.SignOutAsync();
            return Results.LocalRedirect("~" + SignInPath);
        }).DisableAntiforgery().AllowAnonymous();
    }

    private static async Task TurnAwayTheUnwelcome(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.RequestServices.GetService<IStanding>() is { } standing
            && (SignedIn.Of(context.Principal) is not { } person || !await standing.IsWelcome(person, context.HttpContext.RequestAborted)))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }

    /// <summary>A path of this site: the one that was asked for, or the component's first page if that leads elsewhere.</summary>
    internal static string LocalPath(string? next, PathString pathBase)
    {
        var home = pathBase.HasValue ? pathBase.Value : "/";
        var isLocal = next is ['/', ..] && (next.Length == 1 || next[1] is not ('/' or '\\')) && !next.Any(char.IsControl);
        return isLocal ? next! : home;
    }
}
