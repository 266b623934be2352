import { createHook } from 'node:async_hooks';

interface Handle {
  readonly type: string;
  readonly resource: { hasRef?: () => boolean };
}

/**
 * Follows the servers, sockets and timers that are made from now on. Those of the test runner and
 * of specs that ran before in the same process do not count.
 */
export function followHandles(): { open(): string[]; stop(): void } {
  const handles = new Map<number, Handle>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (/^(TCPSERVERWRAP|TCPWRAP|Timeout)$/.test(type)) handles.set(id, { type, resource });
    },
    destroy(id) {
      handles.delete(id);
    },
  }).enable();
  return {
    open: () =>
      [...handles.values()].filter(({ resource }) => resource.hasRef?.() !== false).map(({ type }) => type),
    stop: () => {
      hook.disable();
    },
  };
}
