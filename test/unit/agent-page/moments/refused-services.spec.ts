import { describe, expect, it } from '@jest/globals';
import type { AgentMoment, Refusal } from '../../../../lib/agent-page/moments/agent-moment.js';
import { KEPT_FOR, RefusedServices } from '../../../../lib/agent-page/moments/refused-services.js';

const REFUSAL: Refusal = { method: 'POST', path: '/register', status: 400, reason: 'no' };

const refused = (port: number, change: Partial<Refusal> = {}): AgentMoment => ({
  event: change.isProbe ? 'other-dialect' : 'refused',
  at: `2026-11-21T20:05:29.${port}Z`,
  text: '',
  service: 'auth',
  port,
  refusal: { ...REFUSAL, ...change },
});

describe('RefusedServices', () => {
  it('has a service until the agent accepts it, with the latest refusal', () => {
    const services = new RefusedServices();
    expect(services.add(refused(500))).toBe(true);
    expect(services.add(refused(501))).toBe(true);
    expect(services.add(refused(500, { reason: 'never' }))).toBe(true);
    expect(services.views).toMatchObject([
      { service: 'auth', port: 500, count: 2, refusal: { reason: 'never' } },
      { service: 'auth', port: 501, count: 1 },
    ]);
    expect(services.add({ event: 'registered', at: '', text: '', service: 'auth', port: 500 })).toBe(true);
    expect(services.add({ event: 'again', at: '', text: '', service: 'auth', port: 501 })).toBe(true);
    expect(services.views).toEqual([]);
    expect(services.add({ event: 'again', at: '', text: '', service: 'auth', port: 501 })).toBe(false);
  });

  it('leaves out other calls, and a register that is repeated in the other dialect', () => {
    const services = new RefusedServices();
    expect(services.add(refused(500, { path: '/drain' }))).toBe(false);
    expect(services.add(refused(500, { isProbe: true }))).toBe(false);
    expect(services.add({ event: 'chaos', at: '', text: '' })).toBe(false);
    expect(services.views).toEqual([]);
  });

  it('has a service that speaks the other dialect again and again', () => {
    const services = new RefusedServices();
    const probe = refused(500, { isProbe: true });
    expect(services.add(probe)).toBe(false);
    expect(services.add(probe)).toBe(true);
    expect(services.views).toMatchObject([{ port: 500, count: 1, refusal: { isProbe: true } }]);
    for (const port of [501, 502, 501, 502]) services.add(refused(port, { isProbe: true }));
    expect(services.views.map(({ port }) => port)).toEqual([502, 501, 500]);
  });

  it('has no service that is accepted, or refused for its content, after each try in the other dialect', () => {
    const services = new RefusedServices();
    const probe = refused(500, { isProbe: true });
    services.add(probe);
    services.add({ event: 'registered', at: '', text: '', service: 'auth', port: 500 });
    services.add(probe);
    expect(services.views).toEqual([]);
    services.add(refused(500));
    services.add(probe);
    expect(services.views).toMatchObject([{ count: 1, refusal: { reason: 'no' } }]);
  });

  it('drops a service if another name registers on its port, as the process there has ended', () => {
    const services = new RefusedServices();
    services.add(refused(500));
    services.add(refused(501));
    expect(services.ports).toEqual([500, 501]);
    // A replay says nothing of who has started.
    expect(services.add({ event: 'again', at: '', text: '', service: 'billing', port: 500 })).toBe(false);
    expect(services.add({ event: 'registered', at: '', text: '', service: 'auth9', port: 500 })).toBe(true);
    expect(services.views).toMatchObject([{ port: 501 }]);
    expect(services.drop(500)).toBe(false);
    expect(services.drop(501)).toBe(true);
    expect([services.views, services.ports]).toEqual([[], []]);
  });

  it('drops a service whose instance registers under another name and port', () => {
    const services = new RefusedServices();
    services.add({ ...refused(500), instanceId: 'one' });
    services.add({ ...refused(501), instanceId: 'two' });
    const registered = { event: 'registered', at: '', text: '', service: 'auth9', port: 600 } as const;
    expect(services.add({ ...registered, instanceId: 'one' })).toBe(true);
    expect(services.views).toMatchObject([{ port: 501 }]);
  });

  it('drops a service that has stopped trying, unless it tries no more in any case', () => {
    const services = new RefusedServices();
    services.add(refused(500));
    services.add(refused(501, { isFinal: true }));
    const latest = Date.parse(refused(500).at);
    expect(services.expire(latest + KEPT_FOR)).toBe(false);
    expect(services.expire(latest + KEPT_FOR + 10)).toBe(true);
    expect(services.views).toMatchObject([{ port: 501 }]);
  });

  it('has services in the other dialect, however many there were before', () => {
    const services = new RefusedServices();
    for (let port = 1; port <= 130; port += 1) services.add(refused(port, { isProbe: true }));
    services.add(refused(130, { isProbe: true }));
    expect(services.views).toMatchObject([{ port: 130 }]);
  });

  it('is bounded', () => {
    const services = new RefusedServices();
    for (let port = 1; port <= 130; port += 1) services.add(refused(port));
    expect(services.views).toHaveLength(100);
    expect(services.views[0]?.port).toBe(130);
  });
});
