import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each folder of lib may import of the others: arrows run one way. */
const MAY_IMPORT = {
  errors: [],
  timing: [],
  events: [],
  json: [],
  node: ['errors'],
  calls: ['timing'],
  grpc: ['errors', 'node'],
  http: ['node'],
  injection: ['errors', 'sidecar-agent.js'],
  protocol: ['errors', 'node'],
  manifest: ['errors', 'json', 'node', 'protocol'],
  cli: ['errors', 'grpc', 'manifest', 'node'],
  options: ['errors', 'manifest', 'node', 'protocol'],
  connection: ['errors', 'options'],
  client: ['connection', 'errors', 'node', 'options', 'protocol', 'timing'],
  watch: ['connection', 'errors', 'events', 'options', 'protocol', 'timing'],
  status: ['calls', 'errors', 'events', 'protocol'],
  registration: [
    'calls',
    'client',
    'connection',
    'errors',
    'events',
    'node',
    'options',
    'protocol',
    'status',
    'timing',
    'watch',
  ],
  lifecycle: ['calls', 'errors', 'grpc', 'http', 'manifest', 'node', 'options', 'timing', 'sidecar-agent.js'],
  settings: ['errors', 'json', 'options', 'protocol'],
  config: ['options', 'settings'],
  run: ['errors', 'lifecycle', 'options', 'timing'],
  terminus: ['injection', 'status'],
  testing: ['node/http-route.js', 'protocol/go-duration.js'],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  files: [`lib/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\./(?!(${allowed.map((name) => name.replaceAll('.', '\\.')).join('|') || 'nothing'})(/|$))`,
            message: `lib/${folder} may import ${allowed.join(', ') || 'no other folder'}; see eslint.config.mjs`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['build/**', '**/dist/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      eqeqeq: 'error',
    },
  },
  ...layers,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Stubs that count calls are handed over by name.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
