/**
 * The rooms of `lib` and what each may import of the others: arrows run one way.
 * `docs/architecture.md` draws them. A name that ends in `.ts` is one file; `type:` allows types
 * alone.
 */
export const ROOMS = {
  support: [],
  errors: ['support'],
  service: ['errors', 'support'],
  agent: ['service', 'errors', 'support'],
  'in-flight': ['service/grpc', 'support'],
  status: ['agent/protocol', 'in-flight', 'errors', 'support'],
  channels: ['type:agent/client', 'type:status', 'errors'],
  workers: ['support'],
  'registration-file': ['agent', 'service', 'support'],
  registration: ['agent', 'status', 'channels', 'in-flight', 'workers', 'service', 'errors', 'support'],
  'sidecar-agent.ts': ['registration', 'status', 'in-flight', 'service', 'errors', 'support'],
  'sidecar-agent.token.ts': ['sidecar-agent.ts'],
  'inject-sidecar-agent.decorator.ts': ['sidecar-agent.token.ts'],
  events: ['sidecar-agent.token.ts', 'registration', 'status', 'agent/protocol', 'errors', 'support'],
  'sidecar.controller.ts': ['inject-sidecar-agent.decorator.ts', 'service/routes', 'status'],
  'process-end': ['support'],
  lifecycle: ['sidecar-agent.ts', 'in-flight', 'process-end', 'service/grpc', 'errors', 'support'],
  options: [
    'service',
    'type:agent',
    'type:registration',
    'type:registration-file',
    'type:lifecycle',
    'errors',
    'support',
  ],
  config: ['options', 'errors', 'support'],
  'managed-run': ['lifecycle', 'process-end', 'sidecar-agent.ts', 'errors', 'support'],
  cli: [
    'service',
    'agent',
    'consul',
    'workers',
    'registration-file',
    'options',
    'config',
    'testing',
    'agent-page',
    'errors',
    'support',
  ],
  // It changes applications, and runs in the Nest CLI.
  schematics: ['support'],
  terminus: ['sidecar-agent.token.ts', 'status', 'errors', 'support'],
  otel: ['sidecar-agent.token.ts', 'channels', 'status', 'errors', 'support'],
  'grpc-health': ['service/grpc', 'errors', 'support'],
  consul: ['inner-tokens.ts', 'agent', 'service', 'options', 'errors', 'support'],
  // Independent of what it judges: the one type it shares is the one that users see on both sides.
  testing: ['service/routes/http-route.ts', 'support'],
  'agent-page': ['testing', 'support'],
  'testing-kit': [
    'sidecar-agent.module.ts',
    'sidecar-agent.module-definition.ts',
    'config',
    'status',
    'in-flight',
    'support',
  ],
};

/** The files that put the rooms together, and so may import all of them. */
const ASSEMBLY = [
  'index.ts',
  'sidecar-agent.module.ts',
  'sidecar-agent.module-definition.ts',
  'sidecar-agent.providers.ts',
  'options.providers.ts',
  'application.providers.ts',
  'event.providers.ts',
  'inner-parts.providers.ts',
  'inner-tokens.ts',
  'name-faults.ts',
  'testing/index.ts',
];

/** The entry points, which nothing else imports. */
const ENTRIES = [
  'index.ts',
  'terminus/index.ts',
  'grpc-health/index.ts',
  'otel/index.ts',
  'consul/index.ts',
  'config/index.ts',
  'testing/index.ts',
  'cli/main.ts',
  'schematics/nest-add.ts',
  'agent-page/client/main.tsx',
];

const escape = (text) => text.replaceAll('.', '\\.');
const under = (name) => `^lib/${escape(name)}${/\.tsx?$/.test(name) ? '$' : '/'}`;

const arrows = Object.entries(ROOMS).flatMap(([room, allowed]) => {
  const values = allowed.filter((name) => !name.startsWith('type:'));
  const types = allowed.filter((name) => name.startsWith('type:')).map((name) => name.slice(5));
  const all = [room, ...values, ...types];
  return [
    {
      name: `${room}-may-import`,
      comment: `lib/${room} may import ${allowed.join(', ') || 'no other room'}; see .dependency-cruiser.mjs`,
      severity: 'error',
      from: { path: under(room), pathNot: ASSEMBLY.map(under) },
      to: { path: '^lib/', pathNot: all.map(under) },
    },
    ...types.map((type) => ({
      name: `${room}-may-import-types-of`,
      comment: `lib/${room} may import types of lib/${type}, and nothing that runs`,
      severity: 'error',
      from: { path: under(room) },
      to: { path: under(type), dependencyTypesNot: ['type-only'] },
    })),
  ];
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: 'known-room',
      comment: 'a new file or folder of lib needs a place in .dependency-cruiser.mjs: what may it import?',
      severity: 'error',
      from: { path: '^lib/', pathNot: [...Object.keys(ROOMS), ...ASSEMBLY].map(under) },
      to: {},
    },
    {
      name: 'known-room-is-imported',
      comment: 'a new file or folder of lib needs a place in .dependency-cruiser.mjs: what may it import?',
      severity: 'error',
      from: {},
      to: { path: '^lib/', pathNot: [...Object.keys(ROOMS), ...ASSEMBLY].map(under) },
    },
    {
      name: 'no-cycle',
      comment: 'two files that need each other are one, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'nothing imports this file, and it imports nothing',
      severity: 'error',
      from: { orphan: true },
      to: {},
    },
    {
      name: 'no-unreachable',
      comment: 'no entry point leads to this file',
      severity: 'error',
      from: { path: ENTRIES.map(under) },
      to: { path: '^lib/', pathNot: ENTRIES.map(under), reachable: false },
    },
    {
      name: 'no-unresolved',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'entry-is-a-leaf',
      comment: 'entry points are for users: import the file that has what you need',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: ENTRIES.map(under) },
    },
    {
      name: 'agent-page-in-the-browser',
      comment: 'the script of the page runs in a browser: it imports what is pure, and its view library',
      severity: 'error',
      from: { path: '^lib/agent-page/client/' },
      to: {
        pathNot: ['^lib/agent-page/(client|view)/', 'node_modules/preact/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'view-library-of-the-page',
      comment: 'the build puts it into the script of the page, and nothing else may need it',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/agent-page/client/'] },
      to: { path: 'node_modules/preact/' },
    },
    {
      name: 'optional-peer',
      comment: 'an optional peer is imported by its own entry point alone, types included',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/terminus/', '^lib/config/sidecar-agent-config\\.ts$'] },
      to: { path: 'node_modules/@nestjs/(terminus|config)/' },
    },
    {
      name: 'optional-peer-of-grpc-health',
      comment: 'an optional peer is imported by its own entry point alone, types included',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/grpc-health/'] },
      to: { path: 'node_modules/grpc-health-check/' },
    },
    {
      name: 'optional-peer-of-otel',
      comment: 'an optional peer is imported by its own entry point alone, types included',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/otel/'] },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'otel-needs-the-api-alone',
      comment: 'the SDK is the choice of the user',
      severity: 'error',
      from: { path: '^lib/otel/' },
      to: { path: 'node_modules/@opentelemetry/', pathNot: 'node_modules/@opentelemetry/api/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types are arrows as well: what a room knows of another is what it depends on.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
