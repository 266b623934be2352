import { describe, expect, it } from '@jest/globals';
import { USAGE, usageOf } from '../../../lib/cli/usage.js';

describe('usageOf', () => {
  it.each(['manifest', 'deregister', 'run', 'agent', 'status'])(
    '%s is about this command alone',
    (command) => {
      const text = usageOf(command);
      expect(text.startsWith(`Usage: nestjs-sidecar-agent ${command} `)).toBe(true);
      expect(text.match(/^\w+: /gm)?.filter((word) => word !== 'Usage: ')).toEqual([`${command}: `]);
      expect(text).toContain('\n  --');
      expect(text).toMatch(/-h, --help[^]*Exit codes:.*\n$/);
      for (const line of text.split('\n'))
        expect(USAGE).toContain(line.replace(/^Usage: | {7}(?=nestjs)/, ''));
    },
  );

  it.each(['manifest', 'deregister', 'run', 'agent', 'status'])(
    '%s has the options that it takes',
    (command) => {
      expect(usageOf(command)).not.toContain('--version');
      expect(USAGE).toContain('  -v, --version');
      const callsAnAgent = !['manifest', 'agent'].includes(command);
      expect(usageOf(command).includes('SIDECAR_AGENT_HEADERS')).toBe(callsAnAgent);
      expect(usageOf(command)).toContain('\n\n' + (callsAnAgent ? 'Headers' : 'Exit codes'));
    },
  );

  it('has all forms of a command', () => {
    expect(usageOf('deregister').split('\n').slice(0, 2)).toEqual([
      'Usage: nestjs-sidecar-agent deregister --file <file>',
      '       nestjs-sidecar-agent deregister --name <service> --port <port> [options]',
    ]);
  });
});
