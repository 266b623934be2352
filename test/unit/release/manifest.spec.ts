import { describe, expect, it } from '@jest/globals';
import { declaredPage, withRepository } from '../../../scripts/release/manifest.mjs';

describe('the repository in package.json', () => {
  it.each(['https://github.com/acme/agent', { url: 'git+https://github.com/acme/agent.git' }])(
    'is read from %j',
    (repository) => {
      expect(declaredPage({ repository })).toBe('https://github.com/acme/agent');
    },
  );

  it('may be missing', () => {
    expect(declaredPage({})).toBeUndefined();
  });

  it('is written after the keywords, with the other fields as they were', () => {
    const before = {
      name: 'agent',
      version: '0.1.0',
      keywords: ['nest'],
      license: 'MIT',
      scripts: { a: 'b' },
    };
    const text = withRepository(`${JSON.stringify(before, null, 2)}\n`, 'https://github.com/acme/agent');
    const after = {
      name: 'agent',
      version: '0.1.0',
      keywords: ['nest'],
      homepage: 'https://github.com/acme/agent#readme',
      repository: { type: 'git', url: 'git+https://github.com/acme/agent.git' },
      bugs: { url: 'https://github.com/acme/agent/issues' },
      license: 'MIT',
      scripts: { a: 'b' },
    };
    expect(text).toBe(`${JSON.stringify(after, null, 2)}\n`);
  });
});
