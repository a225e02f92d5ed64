// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Tutti.Wiring.Outcomes;

/// <summary>Either a value or a <see cref="Outcomes.Refusal"/>; nothing else.</summary>
/// <typeparam name="T">The value of success.</typeparam>
public readonly struct Outcome<T>
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Outcome(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    /// <summary>True if there is a refusal.</summary>
    public bool IsRefused => _refusal is not null;

    /// <summary>The value. Throws if there is a refusal.</summary>
    public T Value => _refusal is null ? _value! : throw new InvalidOperationException($"Refused: {_refusal.Code}: {_refusal.Message}");

    /// <summary>The refusal. Throws if there is a value.</summary>
    public Refusal Refusal => _refusal ?? throw new InvalidOperationException("There is no refusal.");

    /// <summary>A success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>True and the value, or false and the refusal.</summary>
    public bool Is([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = _refusal;
        return _refusal is null;
    }
}
