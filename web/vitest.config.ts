// Unit tests of the web app: state classes and pure functions, without a browser.

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { PARAGLIDE } from './paraglide.config.ts'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [paraglideVitePlugin(PARAGLIDE), svelte({ configFile: false })],
  resolve: { conditions: ['browser'] },
  test: { name: 'web', include: ['src/**/*.test.ts'], environment: 'node' },
})
