// How the web app is built: static files with one fallback page, served by the edge.

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { CHUNK_GROUPS } from './chunks.ts'
import { englishApart } from './english-apart.ts'
import { PARAGLIDE } from './paraglide.config.ts'
import { tellingSymbolFiles } from './symbol-files.ts'

const edge = process.env['MOTU_EDGE_URL'] ?? 'http://127.0.0.1:8787'

export default defineConfig(({ command }) => {
  // Also when a test run, whose NODE_ENV is `test`, builds the app: it would carry development code.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  return {
    plugins: [
      paraglideVitePlugin(PARAGLIDE),
      englishApart(),
      sveltekit({
        adapter: tellingSymbolFiles(adapter({ fallback: 'index.html', precompress: true })),
        compilerOptions: { runes: true },
        // Registered by the app itself (lib/shell/app-updates.ts), when it has time.
        serviceWorker: { register: false },
        csp: {
          mode: 'hash',
          directives: {
            'default-src': ['none'],
            'script-src': ['self'],
            // The chart's logo and the dialog's scroll lock write style elements of their own.
            'style-src': ['self', 'unsafe-inline'],
            'img-src': ['self', 'data:'],
            'font-src': ['self'],
            'connect-src': ['self'],
            'manifest-src': ['self'],
            'worker-src': ['self'],
            'base-uri': ['self'],
            'form-action': ['self'],
          },
        },
      }),
    ],
    environments: {
      client: {
        build: { rolldownOptions: { output: { codeSplitting: { groups: CHUNK_GROUPS } } } },
      },
    },
    server: {
      proxy: {
        '/api': { target: edge, changeOrigin: true },
        '/ws': { target: edge, ws: true },
      },
    },
  }
})
