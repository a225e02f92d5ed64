// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Tokens;

/// <summary>Scopes as people read them.</summary>
internal static class TokenLook
{
    /// <summary>What it is called.</summary>
    public static string NameOf(TokenScope scope) => scope switch
    {
        TokenScope.All => TokensWords.All,
        TokenScope.Read => TokensWords.Read,
        TokenScope.Jobs => TokensWords.Jobs,
        TokenScope.Recipients => TokensWords.Recipients,
        TokenScope.Send => TokensWords.Send,
        TokenScope.Messages => TokensWords.Messages,
        TokenScope.Suppression => TokensWords.Suppression,
        TokenScope.Webhooks => TokensWords.Webhooks,
    };

    /// <summary>What a program can do with it.</summary>
    public static string MeaningOf(TokenScope scope) => scope switch
    {
        TokenScope.All => TokensWords.AllMeaning,
        TokenScope.Read => TokensWords.ReadMeaning,
        TokenScope.Jobs => TokensWords.JobsMeaning,
        TokenScope.Recipients => TokensWords.RecipientsMeaning,
        TokenScope.Send => TokensWords.SendMeaning,
        TokenScope.Messages => TokensWords.MessagesMeaning,
        TokenScope.Suppression => TokensWords.SuppressionMeaning,
        TokenScope.Webhooks => TokensWords.WebhooksMeaning,
    };
}
