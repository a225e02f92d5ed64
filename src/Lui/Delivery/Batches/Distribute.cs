// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Lui.Attachments;
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>LUI's half of the hand-over to a distributor: files and content first, then commands, then batches, each as often as it takes.</summary>
internal sealed class Distribute(BatchStore batches, DeliveryStore deliveries, HandOverFiles files, Peers peers, TimeProvider clock)
{
    /// <summary>
    /// Sees to it that a distributor has the content and knows the course. An RPC exception says that it does not answer.
    /// </summary>
    public async Task Open(Delivery delivery, Component distributor, CancellationToken cancellationToken)
    {
        var opened = await batches.Opened(delivery.Id, cancellationToken);
        if (!opened.TryGetValue(distributor.Id, out var known))
        {
            var message = Wire.Delivery.Parser.ParseFrom((await deliveries.Parts(delivery.Id, cancellationToken)).Message);
            if (message.Capture != delivery.Simulated)
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, DeliveryWords.SimulationUnclear));
            }

            await files.Handle(message.Content, distributor, cancellationToken);
            using var patience = new Patience(clock, cancellationToken);
            var reply = await Client(distributor).OpenAsync(message, cancellationToken: patience.Token);

            // One that does not know how to simulate would send. Nobody is handed over to it.
            if (reply.Captures != delivery.Simulated)
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, delivery.Simulated ? DeliveryWords.CannotSimulate : DeliveryWords.OnlySimulates));
            }

            // A new delivery runs at the distributor without being told to.
            known = delivery.Course == Course.Run ? delivery.CourseNumber : 0;
            await batches.SaveOpened(delivery.Id, distributor.Id, reply.FeedId, known, cancellationToken);
        }

        if (known < delivery.CourseNumber)
        {
            await Direct(delivery, distributor, cancellationToken);
        }
    }

    /// <summary>Hands over a batch and remembers that it is on the distributor's disk.</summary>
    public async Task Submit(Batch batch, Wire.Batch content, Component distributor, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        try
        {
            await Client(distributor).SubmitAsync(content, cancellationToken: patience.Token);
        }
        catch (RpcException problem) when (problem.StatusCode == StatusCode.FailedPrecondition)
        {
            await batches.Forget(batch.DeliveryId, distributor.Id, cancellationToken);
            throw;
        }

        await batches.Confirm(batch, cancellationToken);
    }

    private async Task Direct(Delivery delivery, Component distributor, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        try
        {
            await Client(distributor).DirectAsync(
                new Wire.Direction
                {
                    JobId = (ulong)delivery.Id,
                    Number = (uint)delivery.CourseNumber,
                    Course = delivery.Course switch
                    {
                        Course.Run => Wire.Course.Run,
                        Course.Hold => Wire.Course.Hold,
                        Course.Withdraw => Wire.Course.Withdraw,
                    },
                },
                cancellationToken: patience.Token);
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            await batches.Forget(delivery.Id, distributor.Id, cancellationToken);
            throw;
        }

        await batches.SaveDirected(delivery.Id, distributor.Id, delivery.CourseNumber, cancellationToken);
    }

    private Wire.Deliveries.DeliveriesClient Client(Component distributor) => new(peers.Dial(distributor.Host, distributor.InternalPort));
}
