import { describe, expect, it } from '@jest/globals';
import { Application, NODES } from './support/applications.js';
import { SERVED_AUTH, SERVED_BOOKS, serve } from './support/served.js';

describe.each(NODES)('on Node $version', ({ path }) => {
  describe.each([
    { nest: 11, modules: 'CommonJS' },
    { nest: 12, modules: 'ES modules' },
  ] as const)('an application of the Nest $nest CLI, in $modules, built with nest build', ({ nest }) => {
    const main = () => Application.made(nest).path('dist/main.js');

    it('serves gRPC, and leaves the mesh at SIGTERM', async () => {
      expect(await serve('auth', [path, main()])).toMatchObject(SERVED_AUTH);
    });

    it('serves HTTP, and leaves the mesh at SIGTERM', async () => {
      expect(await serve('books', [path, main()])).toMatchObject(SERVED_BOOKS);
    });
  });
});
