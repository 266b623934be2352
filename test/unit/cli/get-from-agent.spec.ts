import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { agentInCommands } from '../../../lib/cli/agent-in-commands.js';
import { CliError } from '../../../lib/cli/cli.error.js';
import { getFromAgent } from '../../../lib/cli/get-from-agent.js';
import { completeEndpoint } from '../../../lib/options/agent-endpoint.js';
import { close, portOf } from '../../testing/support/ports.js';

describe('getFromAgent', () => {
  let server: Server;
  let hasBegun: boolean;
  let url: string;

  beforeEach(async () => {
    server = createServer((_, response) => {
      if (hasBegun) response.writeHead(200).write('[');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${portOf(server)}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    return close(server);
  });

  it.each([false, true])('says that the answer is late; has it begun: %s', async (begun) => {
    hasBegun = begun;
    const endpoint = completeEndpoint({ baseUrl: url }, agentInCommands(new Map()));
    const failure = await getFromAgent(endpoint, '/debug/services', 80).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(CliError);
    expect((failure as CliError).message).toBe(
      `the sidecar-agent at ${url} did not answer within 0.08 s: does an agent listen there? ` +
        'check --url (agents listen on port 15010 or 18600)',
    );
  });
});
