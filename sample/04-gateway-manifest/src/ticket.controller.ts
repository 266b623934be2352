import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';

interface Ticket {
  id: string;
  subject: string;
}

/** Keeps its tickets in memory, which is enough for a sample. */
@Controller()
export class TicketController {
  readonly #tickets = new Map<string, Ticket>();

  @GrpcMethod('TicketService')
  openTicket({ subject }: { subject: string }): Ticket {
    const ticket = { id: randomUUID(), subject };
    this.#tickets.set(ticket.id, ticket);
    return ticket;
  }

  @GrpcMethod('TicketService')
  getTicket({ id }: { id: string }): Ticket {
    const ticket = this.#tickets.get(id);
    if (!ticket) throw new RpcException({ code: status.NOT_FOUND, message: 'no such ticket' });
    return ticket;
  }
}
