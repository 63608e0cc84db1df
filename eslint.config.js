import eslint from '@eslint/js';
import ngrx from '@ngrx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Every rule is an error; there is no ignore list beyond what is generated or installed. */
export default defineConfig(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '.hortus/',
      '**/.angular/',
      'web/test-results/',
      'web/playwright-report/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [
      eslint.configs.recommended,
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      // Types, since a row's or a message's shape is named the same way everywhere; interfaces where they are extended.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Factories return plain objects of closures, which have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // Fastify's plugins are async by type, whether or not they wait for something.
      '@typescript-eslint/require-await': 'off',
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // The environment is read in one file per program (design §8).
    files: ['{api,workflows,operator,packages,web}/**/*.ts'],
    ignores: [
      '**/main.ts',
      '**/migrate.ts',
      '**/*.spec.ts',
      '**/print-openapi.ts',
      '**/record-histories.ts',
      'web/e2e/**',
      'web/*.config.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only main.ts hands the environment to readConfig.' },
      ],
    },
  },
  {
    // A row class takes its columns from an interface of the same name: a declared class field would be written as undefined.
    files: ['**/*-row.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    // Drawing speaks in coordinates: a named object for each point would hide the drawing.
    files: ['workflows/src/seed-demo/herbarium/**/*.ts'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 8 }] },
  },
  {
    files: ['web/src/**/*.ts'],
    extends: [...angular.configs.tsRecommended, ...ngrx.configs.all],
    processor: angular.processInlineTemplates,
    rules: {
      // A component's class may be empty but for its template.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    files: ['web/src/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
  prettier,
);
