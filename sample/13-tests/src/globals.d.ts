// What both runners give each test. In a project with one of them, `types` of tsconfig.json names
// `vitest/globals` or `jest` in place of this file.
declare const afterEach: typeof import('@jest/globals').afterEach;
declare const beforeEach: typeof import('@jest/globals').beforeEach;
declare const describe: typeof import('@jest/globals').describe;
declare const expect: typeof import('@jest/globals').expect;
declare const it: typeof import('@jest/globals').it;
