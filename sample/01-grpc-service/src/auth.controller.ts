import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';
import { BehaviorSubject, type Observable } from 'rxjs';

interface SessionEvent {
  state: 'open' | 'closed';
}

/** Keeps its sessions in memory, which is enough for a sample. */
@Controller()
export class AuthController {
  readonly #sessions = new Map<string, BehaviorSubject<SessionEvent>>();

  @GrpcMethod('AuthService', 'Login')
  login({ user }: { user: string }) {
    if (user === '') throw new RpcException({ code: status.INVALID_ARGUMENT, message: 'user is empty' });
    const token = randomUUID();
    this.#sessions.set(token, new BehaviorSubject<SessionEvent>({ state: 'open' }));
    return { token, user };
  }

  @GrpcMethod('AuthService', 'Logout')
  logout({ token }: { token: string }) {
    const session = this.#session(token);
    session.next({ state: 'closed' });
    session.complete();
    this.#sessions.delete(token);
    return {};
  }

  /** Stays open until Logout. The shutdown waits for open streams, up to `gracePeriod`. */
  @GrpcMethod('AuthService', 'WatchSession')
  watchSession({ token }: { token: string }): Observable<SessionEvent> {
    return this.#session(token);
  }

  #session(token: string): BehaviorSubject<SessionEvent> {
    const session = this.#sessions.get(token);
    if (!session) throw new RpcException({ code: status.NOT_FOUND, message: 'there is no such session' });
    return session;
  }
}
