import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'build/**',
      '**/dist/**',
      'coverage/**',
      'reports/**',
      '.stryker-tmp/**',
      'api/**',
      'docs/.vitepress/.temp/**',
    ],
  },
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
  {
    plugins: { '@stylistic': stylistic },
    rules: {
      // Prettier wraps code, and leaves comments as they are.
      '@stylistic/max-len': ['error', { code: 1_000, comments: 100, ignoreUrls: true }],
    },
  },
  {
    files: ['lib/**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', 200] },
  },
  {
    files: ['lib/**/*.ts'],
    // Only Node runs the command and the schematics; tools of users compile and bundle all else.
    ignores: ['lib/cli/**', 'lib/schematics/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MetaProperty[meta.name="import"]',
          message: 'Jest and bundlers cannot compile import.meta to CommonJS: use late-packages.cjs',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          name: 'node:module',
          importNames: ['createRequire'],
          message: 'A bundler does not see such a require: use late-packages.cjs',
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        Intl: 'readonly',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { exports: 'writable', __filename: 'readonly' } },
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
