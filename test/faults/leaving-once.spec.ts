import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import {
  APP_SHAPES,
  type AppShape,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
} from '../support/greeter-app.js';
import { answer } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';
import { LeavingGreeter } from './support/leaving-greeter.js';
import { ACCEPTED, HeldAnswers } from './support/registers-answers.js';

const ONCE = ['/register', '/drain', '/deregister'];

describe('one run', () => {
  let greeter: LeavingGreeter;
  let held: HeldAnswers;

  beforeEach(async () => {
    held = new HeldAnswers();
    greeter = new LeavingGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  function hold(path: string): void {
    greeter.agent.scripts = { ...greeter.agent.scripts, [path]: held.script };
  }

  async function create(more: GreeterOptions & { shape?: AppShape } = {}): Promise<GreeterApp> {
    const { shape = 'microservice', ...options } = more;
    return createGreeterApp(shape, { baseUrl: greeter.agent.url, requestTimeout: '15s', ...options });
  }

  describe.each(APP_SHAPES)('of a %s', (shape) => {
    it('SIGTERM twice', async () => {
      hold('/drain');
      await greeter.start({}, { shape });
      await greeter.process.printed('Registered greeter');
      greeter.process.signal('SIGTERM');
      await greeter.agent.until(() => held.count === 1);
      await greeter.terminate();
      greeter.process.signal('SIGINT');
      await greeter.process.printed('SIGINT HAS COME');
      held.give(answer(200));
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect(greeter.posts).toEqual(ONCE);
    });

    it('SIGTERM during start, while a register is waited for', async () => {
      hold('/register');
      await greeter.start({ waitForRegistration: '1m' }, { shape });
      await greeter.agent.until(() => held.count === 1);
      await greeter.terminate();
      greeter.process.signal('SIGTERM');
      held.give(ACCEPTED);
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect(greeter.posts).toEqual(ONCE);
    });

    it('SIGTERM during start, at the very first connection', async () => {
      await greeter.start({}, { shape });
      await greeter.agent.until(() => greeter.agent.accepted === 1, 12_000);
      greeter.process.signal('SIGTERM');
      expect(await greeter.ended()).toMatchObject({ code: 0 });
      expect([undefined, '/deregister']).toContain(greeter.posts.at(-1));
      expect(greeter.agent.to('/register').length).toBe(greeter.agent.to('/deregister').length);
    });

    it('`close()` twice, at the same time and one after the other, and `shutdown()` beside it', async () => {
      const { app, listen } = await create({ shape });
      await listen();
      await app.get(SidecarAgent).registered();
      hold('/drain');
      const closings = [app.close(), app.get(SidecarAgent).shutdown(), app.close()];
      await greeter.agent.until(() => held.count === 1);
      closings.push(app.get(SidecarAgent).shutdown());
      held.give(answer(200));
      await Promise.all(closings);
      await app.close();
      await app.get(SidecarAgent).shutdown();
      expect(greeter.posts).toEqual(ONCE);
      expect(app.get(SidecarAgent).status().phase).toBe('stopped');
    });
  });

  describe('`close()` during start', () => {
    it('while a register is waited for: it is awaited, and start-up ends', async () => {
      hold('/register');
      const { app, listen } = await create({ waitForRegistration: '1m' });
      const listening = listen();
      await greeter.agent.until(() => held.count === 1);
      const closing = Promise.all([app.close(), app.close()]);
      await statusWhere(app, ({ phase }) => phase === 'draining');
      expect(greeter.posts).toEqual(['/register']);
      held.give(ACCEPTED);
      await Promise.all([closing, listening]);
      expect(greeter.posts).toEqual(ONCE);
    });

    it('right at its beginning: nothing is announced, then or later', async () => {
      const { app, listen } = await create();
      const listening = listen();
      await app.close();
      await Promise.allSettled([listening]);
      // It begins after the other: what the other had to say came before.
      const next = await create();
      await next.listen();
      await next.app.get(SidecarAgent).registered();
      await next.app.close();
      // Nest's own: a server that was being bound is open after the close.
      await app.close();
      expect(greeter.posts).toEqual(ONCE);
      expect(greeter.agent.to('/watch')).toHaveLength(1);
      await greeter.agent.until(() => greeter.agent.open === 0);
    });

    it('before its beginning: nothing is said', async () => {
      const { app } = await create();
      await app.close();
      await app.close();
      expect(app.get(SidecarAgent).status().phase).toBe('stopped');
      expect(greeter.agent.accepted).toBe(0);
    });
  });
});
