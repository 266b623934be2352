import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatRegistrations, parseRegistrations } from '../../../lib/registration-file/kept-registration.js';
import { RegistrationKeeper } from '../../../lib/registration-file/registration-keeper.js';
import { NODE } from '../fixtures/fixtures.js';

describe('RegistrationKeeper', () => {
  let directory: string;
  let path: string;
  let lines: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sidecar-keeper-'));
    path = join(directory, 'registration.json');
    lines = [];
  });

  afterEach(() => {
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true });
  });

  const logger = { log: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const agent = { baseUrl: 'http://127.0.0.1:15010' };

  function keeper(hasFixedId = false): RegistrationKeeper {
    return new RegistrationKeeper({ path, agent, dialect: 'auto', hasFixedId }, logger);
  }

  const found = () => parseRegistrations(readFileSync(path, 'utf8'));

  /** Leaves the file of a process that has died. */
  function leave(): void {
    keeper().remember(NODE, 'node');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/"started": "[^"]*"/, '"started": "earlier"'));
  }

  const starting = { ...NODE, app: { ...NODE.app, instanceId: 'new' } };

  it('keeps the registration, and removes the file when it is forgotten', () => {
    const one = keeper();
    one.remember(NODE, undefined);
    expect(found()).not.toHaveProperty('registrations.0.dialect');
    one.remember(NODE, 'flat');
    expect(found()).toMatchObject({
      registrations: [
        { dialect: 'flat', app: { instanceId: NODE.app.instanceId }, process: { pid: process.pid } },
      ],
    });
    one.forget();
    expect(readdirSync(directory)).toEqual([]);
    one.forget();
  });

  it('keeps the id of the instance at Consul', () => {
    const consulId = (name: string, port: number) => `${name}-${port}`;
    const settings = { path, agent, dialect: 'auto', hasFixedId: false, consulId } as const;
    new RegistrationKeeper(settings, logger).remember(NODE, undefined);
    expect(found()).toMatchObject({ registrations: [{ consulId: 'auth-10500' }] });
    expect(found()).not.toHaveProperty('registrations.0.dialect');
  });

  it('keeps the registrations of several services of one process', () => {
    const [one, other] = [keeper(), keeper()];
    const second = {
      ...NODE,
      service: { ...NODE.service, name: 'second' },
      app: { ...NODE.app, instanceId: '2' },
    };
    one.remember(NODE, 'node');
    other.remember(second, 'node');
    one.forget();
    expect(found()).toMatchObject({ registrations: [{ service: { name: 'second' } }] });
    other.forget();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('continues the id of a dead process once', () => {
    leave();
    const [one, other] = [keeper(), keeper()];
    expect(one.resume(starting).app.instanceId).toBe(NODE.app.instanceId);
    expect(other.resume(starting).app.instanceId).toBe('new');
    expect([one.isLeftOver, other.isLeftOver]).toEqual([true, false]);
    expect(lines).toEqual([
      `Continuing instance ${NODE.app.instanceId} of process ${process.pid}, which ended without a deregister`,
    ]);
  });

  it('waits until another process has written the file, and keeps what that has added', async () => {
    keeper().remember(NODE, 'node');
    const script = `
      const { readFileSync, rmSync, writeFileSync } = require('node:fs');
      const [path] = process.argv.slice(1);
      writeFileSync(path + '.lock', 'x', { flag: 'wx' });
      const file = JSON.parse(readFileSync(path, 'utf8'));
      console.log('read');
      setTimeout(() => {
        file.registrations[0].service.name = 'other';
        writeFileSync(path, JSON.stringify(file));
        rmSync(path + '.lock');
      }, 200);`;
    const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    keeper().remember({ ...NODE, app: { ...NODE.app, instanceId: '2' } }, 'node');
    await ended;
    const names = parseRegistrations(readFileSync(path, 'utf8'));
    expect(names).toMatchObject({
      registrations: [{ service: { name: 'other' } }, { service: { name: NODE.service.name } }],
    });
    expect(readdirSync(directory)).toEqual(['registration.json']);
  });

  it('does not wait for a process that was killed while it wrote the file', () => {
    writeFileSync(`${path}.lock`, 'x');
    keeper().remember(NODE, 'node');
    expect(found()).toMatchObject({ registrations: [{ service: { name: NODE.service.name } }] });
    expect(readdirSync(directory)).toEqual(['registration.json']);
  });

  it('leaves an id alone whose process may run in another container', () => {
    keeper().remember(NODE, 'node');
    const text = readFileSync(path, 'utf8').replace(/"started": "[^"]*"/, '"started": "earlier"');
    writeFileSync(path, text.replace(/"host": "[^"]*"/, '"host": "pod-1"'));
    const before = found();
    expect(keeper().resume(starting)).toBe(starting);
    expect(found()).toEqual(before);
    expect(lines).toEqual([
      `Not continuing instance ${NODE.app.instanceId}: process ${process.pid} of host pod-1 may be running in ` +
        'another container. Give each container a registrationFile of its own',
    ]);
  });

  it('leaves an id alone that the options give', () => {
    leave();
    const before = found();
    expect(keeper(true).resume(starting)).toBe(starting);
    expect(found()).toEqual(before);
  });

  it('tells of an instance that was left with the id that the options give', () => {
    leave();
    const one = keeper(true);
    expect(one.resume(NODE)).toEqual(NODE);
    expect(one.isLeftOver).toBe(true);
    expect(found()).not.toMatchObject({ registrations: [{ process: { started: 'earlier' } }] });
  });

  it('does not remove the registration of another process', () => {
    const one = keeper();
    one.remember(NODE, 'node');
    leave();
    const text = readFileSync(path, 'utf8');
    one.forget();
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('moves a file of another kind out of the way', () => {
    writeFileSync(path, '{"name":"s3cr3t"}');
    expect(keeper().resume(starting)).toBe(starting);
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe('{"name":"s3cr3t"}');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`moved to ${path}.bak`);
    expect(lines[0]).not.toContain('s3cr3t');
  });

  it('takes an empty list for no registration', () => {
    writeFileSync(path, formatRegistrations([]));
    expect(keeper().resume(starting)).toBe(starting);
    expect(lines).toEqual([]);
  });

  it('warns once if the file cannot be used', () => {
    path = directory;
    const one = keeper();
    expect(one.resume(starting)).toBe(starting);
    one.remember(NODE, 'node');
    one.forget();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Cannot use registrationFile ${directory}: EISDIR`);
  });
});
