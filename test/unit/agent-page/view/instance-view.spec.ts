import { describe, expect, it } from '@jest/globals';
import { instanceView } from '../../../../lib/agent-page/view/instance-view.js';
import { agentInstance } from '../../../agent-page/support/agent-instances.js';

describe('instanceView', () => {
  it('has no body of a request', () => {
    const view = instanceView(agentInstance({ request: { app: { secret: 's3cr3t' } } }), []);
    expect(JSON.stringify(view)).not.toContain('s3cr3t');
  });

  it('says where each route leads', () => {
    const { routes } = instanceView(
      agentInstance({
        httpRoutes: [
          { httpMethod: 'POST', path: '/v1/login', fullMethod: '/a.A/Login' },
          { httpMethod: 'GET', path: '/books', upstreamPath: '/b' },
          { httpMethod: 'GET', path: '/shop', stripPrefix: true },
          { httpMethod: 'GET', path: '/same' },
        ],
      }),
      [],
    );
    expect(routes).toEqual([
      { route: 'POST /v1/login', target: '/a.A/Login' },
      { route: 'GET /books', target: '/b' },
      { route: 'GET /shop', target: 'without its prefix' },
      { route: 'GET /same', target: 'the same path' },
    ]);
  });
});
