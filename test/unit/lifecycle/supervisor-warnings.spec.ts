import { describe, expect, it } from '@jest/globals';
import { supervisorWarnings, surroundings } from '../../../lib/lifecycle/supervisor-warnings.js';

const TIMES = { gracePeriod: 20_000, shutdownTimeout: 29_000 };

describe('supervisorWarnings', () => {
  const warnings = (env: NodeJS.ProcessEnv, processOne = '/sbin/init', times = TIMES) =>
    supervisorWarnings({ env, processOne, pids: [20, 10] }, times);

  it('says nothing of a process that nobody supervises', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ npm_lifecycle_event: 'start' })).toEqual([]);
  });

  it("names PM2's kill_timeout if it is shorter than the leave", () => {
    expect(warnings({ pm_id: '0' })).toEqual([
      'PM2 kills this process 1600 ms after it stops it, but leaving the mesh takes up to 29000 ms ' +
        '(shutdownTimeout): set kill_timeout to more, or shorten gracePeriod',
    ]);
    expect(warnings({ pm_id: '0', kill_timeout: '9000' })).toEqual([
      expect.stringContaining(' 9000 ms after'),
    ]);
    expect(warnings({ pm_id: '0', kill_timeout: '29000' })).toEqual([]);
    expect(warnings({ kill_timeout: '9000' })).toEqual([]);
  });

  it.each([
    ['npm run start:prod', true],
    ['npm', true],
    ['node /usr/local/bin/npm start', true],
    ['node /usr/lib/node_modules/npm/bin/npm-cli.js run start', true],
    ['/usr/bin/node /opt/yarn/bin/yarn.js start', true],
    ['node dist/main.js', false],
    ['/sbin/init', false],
    ['node dist/npm-report.js', false],
    ['node /srv/pnpm-like/main.js', false],
    ['tini -- npm start', false],
    ['sh -c npm run migrate && exec node dist/main.js', false],
    ['', false],
  ])('of process 1 being "%s": %s', (command, isWarned) => {
    expect(warnings({}, command)).toHaveLength(isWarned ? 1 : 0);
    if (isWarned) expect(warnings({}, command)[0]).toMatch(/^Process 1 is (npm|yarn), which does not pass/);
  });

  it.each([
    ['npm/10.8.2 node/v20.20.2 linux x64 workspaces/false', 1, false],
    ['npm/11.19.1 node/v24.1.0 linux x64 workspaces/false', 1, false],
    ['pnpm/9.15.9 npm/? node/v20.20.2 linux x64', 1, false],
    // These keep the signal to themselves.
    ['npm/9.9.4 node/v20.20.2 linux x64 workspaces/false', 1, true],
    ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 1, true],
    [undefined, 1, true],
    // A shell is between them.
    ['npm/10.8.2 node/v20.20.2 linux x64 workspaces/false', 12, true],
  ])('of process 1 being %s, with the parent %d: %s', (agent, parent, isWarned) => {
    const env = { npm_config_user_agent: agent };
    const found = supervisorWarnings({ env, processOne: 'npm run start:prod', pids: [20, parent] }, TIMES);
    expect(found).toHaveLength(isWarned ? 1 : 0);
  });

  it.each([
    ['PM2', { pm_id: '0', kill_timeout: '30000' }],
    ['Kubernetes', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }],
    ['systemd', { INVOCATION_ID: 'abc', SYSTEMD_EXEC_PID: '20' }],
    ['systemd', { INVOCATION_ID: 'abc', SYSTEMD_EXEC_PID: '10' }],
  ])('names %s if there is no grace period', (name, env) => {
    const none = { ...TIMES, gracePeriod: 0 };
    expect(warnings(env, '', none)).toEqual([expect.stringContaining(`gracePeriod is 0 under ${name}: `)]);
    expect(warnings({ ...env, NODE_ENV: 'production' }, '', none)).toHaveLength(1);
    expect(warnings({ ...env, NODE_ENV: 'development' }, '', none)).toEqual([]);
    expect(warnings(env)).toEqual([]);
    expect(warnings({}, '', none)).toEqual([]);
  });

  it('takes a terminal of a desktop that systemd has started for no unit', () => {
    const env = { INVOCATION_ID: 'abc', SYSTEMD_EXEC_PID: '5', JOURNAL_STREAM: '8:1234' };
    expect(warnings(env, '', { ...TIMES, gracePeriod: 0 })).toEqual([]);
  });

  it('reads the environment and the command of process 1', () => {
    const { env, processOne, pids } = surroundings();
    expect(env).toBe(process.env);
    expect(pids).toEqual([process.pid, process.ppid]);
    expect(processOne === '').toBe(process.platform !== 'linux');
  });
});
