import type { ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { isGrpcServer } from '../service/grpc/grpc-server.js';
import { hasMethods } from '../support/shape.js';

/**
 * Wraps the `close` of an application's gRPC servers, present and later ones, so that an action
 * runs first. Nest may close a server before it runs any hook, and a stream that waits for the
 * signal of `@Draining()` would hold that close.
 */
export function beforeClose(modules: ModulesContainer, run: () => Promise<void>): Subscription {
  return modules.getRpcTargetRegistry<unknown>().subscribe((server) => {
    if (!isGrpcServer(server) || !hasMethods(server, 'close')) return;
    const close = server.close.bind(server);
    Object.assign(server, {
      close: async () => {
        await run();
        await close();
      },
    });
  });
}
