// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Wiring.Tests.Joining;

/// <summary>A renewal that ends between two of its steps, as a kill of the server or of the hub leaves it, and is begun again.</summary>
public sealed class RenewalStepsTests : IDisposable
{
    private readonly JoinHost _host = new();
    private readonly X509Certificate2 _first;

    public RenewalStepsTests()
    {
        var key = NewKey.Create("server", [JoinHost.Name], NewKeyType.Ec256, _host.Clock.GetUtcNow());
        _first = _host.Files.Take(key, _host.Grant(NewKey.SigningRequest(key))).Value;
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Row", "B-36")]
    public void Killed_after_the_key_was_made_the_same_key_is_asked_for_again_and_the_old_certificate_stays_in_use()
    {
        var before = _host.Files.RequestRenewal().Value;

        var again = _host.Files.RequestRenewal().Value;

        Assert.Equal(KeyIn(before), KeyIn(again));
        Assert.Equal(_first.SerialNumber, _host.Installed.SerialNumber);
        Finish(again);
    }

    [Fact]
    [Trait("Row", "B-36")]
    public void Killed_after_the_hub_signed_the_next_signature_is_for_the_same_key_and_either_fits()
    {
        var request = _host.Files.RequestRenewal().Value;
        var lost = Sign(request);
        Assert.Equal(_first.SerialNumber, _host.Installed.SerialNumber);

        var second = Sign(_host.Files.RequestRenewal().Value);

        Assert.Equal(lost.PublicKey.ExportSubjectPublicKeyInfo(), second.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(second.SerialNumber, Install(second).SerialNumber);
        Assert.True(_host.Files.InstallRenewal(lost, [_host.Authority.Root]).IsRefused);
        Assert.Equal(second.SerialNumber, _host.Installed.SerialNumber);
    }

    [Fact]
    [Trait("Row", "B-36")]
    public void Killed_after_the_keystore_was_replaced_the_renewal_is_done_and_the_next_one_has_a_key_of_its_own()
    {
        var request = _host.Files.RequestRenewal().Value;
        var waiting = File.ReadAllBytes(_host.Home.Resolve("conf/renewal.p12"));
        var second = Install(Sign(request));
        File.WriteAllBytes(_host.Home.Resolve("conf/renewal.p12"), waiting);

        Assert.Equal(second.SerialNumber, _host.Installed.SerialNumber);
        var next = _host.Files.RequestRenewal().Value;

        Assert.NotEqual(KeyIn(request), KeyIn(next));
        Finish(next);
    }

    [Fact]
    [Trait("Row", "B-36")]
    public void A_certificate_that_a_start_would_refuse_leaves_the_old_one_in_use()
    {
        var request = _host.Files.RequestRenewal().Value;
        using var stranger = CertificateAuthority.Create("Stranger", [], _host.Clock.GetUtcNow());
        var foreign = stranger.Sign(request, JoinHost.Name, _host.Clock.GetUtcNow(), CertificateAuthority.CertificateLife).Value;

        Assert.True(_host.Files.InstallRenewal(foreign, [_host.Authority.Root]).IsRefused);
        Assert.True(_host.Files.InstallRenewal(_host.Grant(request, "other.tutti.test").Certificate, [_host.Authority.Root]).IsRefused);
        Assert.Equal(_first.SerialNumber, _host.Installed.SerialNumber);
        Finish(request);
    }

    private void Finish(string request)
    {
        var certificate = Install(Sign(request));

        Assert.Equal(certificate.SerialNumber, _host.Installed.SerialNumber);
        Assert.NotEqual(_first.SerialNumber, certificate.SerialNumber);
        Assert.NotEqual(_first.PublicKey.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.False(File.Exists(_host.Home.Resolve("conf/renewal.p12")));
    }

    private X509Certificate2 Sign(string request) => _host.Grant(request).Certificate;

    private X509Certificate2 Install(X509Certificate2 certificate) => _host.Files.InstallRenewal(certificate, [_host.Authority.Root]).Value;

    private string KeyIn(string request) => Convert.ToHexString(Sign(request).PublicKey.ExportSubjectPublicKeyInfo());
}
