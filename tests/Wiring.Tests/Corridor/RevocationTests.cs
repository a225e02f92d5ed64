// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;

namespace Tutti.Wiring.Tests.Corridor;

public sealed class RevocationTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "B-20")]
    public async Task A_revoked_certificate_ends_its_connections_and_comes_in_no_more()
    {
        var revoked = _world.Good();
        await using var server = await _world.Secure(null, $"{World.Own},{World.Other}").Start();
        using var caller = World.Caller(revoked, server.InternalPort);
        using var good = World.Caller(_world.Good(), server.InternalPort);
        await using var stream = await OpenStream.Of(caller);
        await using var other = await OpenStream.Of(good);

        _world.WriteBytes("conf/crl/a.crl", _world.Authority.RevocationList(TestCertificate.Usual.AddDays(30), revoked.Certificate));
        server.Process.Corridor.Reload(now: true);

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await World.AssertRefused(caller);
        await _world.Logged("Connection refused [tls.revoked]", revoked.Certificate.SerialNumber);
        await other.Echo();
    }

    [Fact]
    [Trait("Row", "B-20")]
    public async Task A_revoked_intermediate_takes_along_all_below_it_also_by_a_list_in_pem()
    {
        var authority = _world.Authority.Intermediate("Int");
        var list = _world.Authority.RevocationList(TestCertificate.Usual.AddDays(30), authority.Certificate);
        _world.Secure();
        _world.Write("conf/crl/a.pem", System.Security.Cryptography.PemEncoding.WriteString("X509 CRL", list));
        await using var server = await _world.Start();
        using var below = World.Caller(authority.Issue(new TestCertificate(World.Other)), server.InternalPort);
        using var beside = World.Caller(_world.Authority.Intermediate("Int 2").Issue(new TestCertificate(World.Other)), server.InternalPort);

        await World.AssertRefused(below);
        await _world.Logged("[tls.revoked]", "CN=Int");
        await World.AssertServed(beside);
    }

    [Fact]
    [Trait("Row", "B-20")]
    public async Task A_list_of_an_intermediate_counts_below_it()
    {
        var authority = _world.Authority.Intermediate("Int");
        var revoked = authority.Issue(new TestCertificate(World.Other));
        _world.Secure();
        _world.WriteBytes("conf/crl/int.crl", authority.RevocationList(TestCertificate.Usual.AddDays(30), revoked.Certificate));
        await using var server = await _world.Start();
        using var caller = World.Caller(revoked, server.InternalPort);
        using var good = World.Caller(authority.Issue(new TestCertificate(World.Other)), server.InternalPort);

        await World.AssertRefused(caller);
        await _world.Logged("[tls.revoked]");
        await World.AssertServed(good);
    }

    [Fact]
    [Trait("Row", "B-20")]
    public async Task Lists_that_are_forged_garbage_or_old_are_told()
    {
        var certificate = _world.Good();
        _world.Secure();
        _world.WriteBytes("conf/crl/forged.crl", new TestAuthority("CA A").RevocationList(TestCertificate.Usual.AddDays(30), certificate.Certificate));
        _world.Write("conf/crl/garbage.crl", "nothing");
        _world.WriteBytes("conf/crl/old.crl", _world.Authority.RevocationList(TestCertificate.Usual.AddDays(-1)));
        _world.WriteBytes("conf/crl/stranger.crl", new TestAuthority("CA B").RevocationList(TestCertificate.Usual.AddDays(30), certificate.Certificate));
        await using var server = await _world.Start();
        using var caller = World.Caller(certificate, server.InternalPort);

        await World.AssertServed(caller);
        await _world.Logged("conf/crl/forged.crl", "is not signed by");
        await _world.Logged("conf/crl/garbage.crl", "is no certificate revocation list");
        await _world.Logged("conf/crl/old.crl", "it still counts");
        await _world.Logged("conf/crl/stranger.crl", "no authority of this server");
    }
}
