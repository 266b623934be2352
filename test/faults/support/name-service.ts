import dns from 'node:dns';
import { isIPv6 } from 'node:net';
import { jest } from '@jest/globals';

type Answered = (
  error: NodeJS.ErrnoException | null,
  address: string | dns.LookupAddress[],
  family?: number,
) => void;

/**
 * Puts one name into the system's name service, where no test can write: for each query, what the
 * name stands for by then. Without an address it is unknown. All other names are left to the
 * system.
 */
export class NameService {
  /** How often the name was asked for. */
  queries = 0;
  readonly #spy: { mockRestore(): void };

  /** @param resolve is told the number of the query, from 1 */
  constructor(name: string, resolve: (query: number) => readonly string[]) {
    const system = dns.lookup as (...args: unknown[]) => void;
    const lookup = (hostname: string, options: dns.LookupOptions, answered: Answered) => {
      if (hostname !== name) return system(hostname, options, answered);
      this.queries += 1;
      const found = resolve(this.queries).map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      const [first] = found;
      setImmediate(() => {
        if (!first) answered(unknown(hostname), '');
        else if (options.all) answered(null, found);
        else answered(null, first.address, first.family);
      });
    };
    this.#spy = jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
  }

  /** Gives the system's own back. */
  close(): void {
    this.#spy.mockRestore();
  }
}

function unknown(hostname: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  error.code = 'ENOTFOUND';
  return error;
}
