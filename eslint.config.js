// Lint: what the compiler does not see. Style is prettier's; sizes and imports are tidy.test.ts's.

import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const NOT_OURS = [
  '**/node_modules/',
  '**/build/',
  '**/dist/',
  '**/.svelte-kit/',
  '**/.wrangler/',
  '.motu/',
  'web/src/lib/paraglide/',
]

/** Each knows some of the files; together they know all. */
const PROJECTS = [
  'tsconfig.json',
  'shared/tsconfig.json',
  'home/tsconfig.json',
  'edge/tsconfig.json',
  'edge/tsconfig.node.json',
  'bench/tsconfig.json',
  'web/tsconfig.json',
  'web/src/service-worker/tsconfig.json',
]

export default defineConfig(
  { ignores: NOT_OURS },
  tseslint.configs.recommended,
  svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    languageOptions: {
      parserOptions: {
        project: PROJECTS,
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // A promise nobody waits for swallows its failure.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // `typeof import('pino')` names a type of a module that is not otherwise needed.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // `let { … } = $props()` is not a constant; Svelte's own rule knows.
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      // The app lives at the root of its address.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
)
