// Where the messages lie and how the language is chosen: Korean, unless the viewer chose otherwise.

export const PARAGLIDE = {
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['localStorage', 'baseLocale'],
  localStorageKey: 'motu.locale',
  emitReadme: false,
} satisfies Parameters<typeof import('@inlang/paraglide-js').paraglideVitePlugin>[0]
