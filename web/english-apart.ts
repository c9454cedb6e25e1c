// Takes the English sentences out of the messages' functions while the app is built: a viewer fetches
// the language he reads. Korean stays where it is used; English is one list, fetched when it is chosen
// (`src/lib/english.svelte.ts`), in which each message has a number. Paraglide's own search for the
// locale goes too.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const MESSAGES = fileURLToPath(new URL('src/lib/paraglide/messages/', import.meta.url))
const ENGLISH = fileURLToPath(new URL('src/lib/english.svelte.ts', import.meta.url))
const RUNTIME = fileURLToPath(new URL('src/lib/paraglide/runtime.js', import.meta.url))
/** Finds the locale in addresses, cookies and storage: `Preferences` does it before a word is said. */
const OWN_SEARCH = /^export let getLocale = \(\) => \{[\s\S]*?^\};/m
const LIST = 'virtual:english-messages'
const ONLY_ENGLISH = '?english'
const MESSAGE_FILE = /^(\w+)\.js(\?english)?$/
/** The last statement of such a file chooses between `ko_NAME` and `en_NAME`. */
const CHOICE = /^export const (\w+) = [\s\S]*$/m

/** The plugin that does it; under a dev server both languages stay together, and the list is empty. */
export function englishApart(): Plugin {
  let files: readonly string[] = []
  let isBuild = false
  return {
    name: 'motu:english-apart',
    configResolved: ({ command }) => void (isBuild = command === 'build'),
    resolveId: (id) => (id === LIST ? `\0${LIST}` : null),
    load(id) {
      if (id !== `\0${LIST}`) return null
      files = isBuild ? messageFiles() : []
      const lines = files.map((file, index) => {
        const path = JSON.stringify(`${MESSAGES}${file}${ONLY_ENGLISH}`)
        return `import { message as m${index} } from ${path}`
      })
      return `${lines.join('\n')}\nexport default [${files.map((_, index) => `m${index}`).join(',')}]`
    },
    transform(code, id) {
      if (isBuild && id === RUNTIME) {
        if (!OWN_SEARCH.test(code)) throw new Error(`no getLocale that could be cut in ${id}`)
        const cut = code.replace(OWN_SEARCH, 'export let getLocale = () => baseLocale')
        return { code: cut, map: null }
      }
      if (!isBuild || !id.startsWith(MESSAGES)) return null
      const [, name, isEnglish] = MESSAGE_FILE.exec(id.slice(MESSAGES.length)) ?? []
      if (!name || name === '_index') return null
      if (files.length === 0) files = messageFiles()
      const number = files.indexOf(`${name}.js`)
      const chosen = CHOICE.exec(code)?.[1]
      if (!chosen || number < 0) throw new Error(`no message that could be taken apart in ${id}`)
      const says = isEnglish
        ? `export const message = en_${chosen}`
        : `import { inEnglish } from ${JSON.stringify(ENGLISH)}\n` +
          `export const ${chosen} = (inputs) => inEnglish(${number}, inputs) ?? ko_${chosen}(inputs)`
      return { code: code.replace(CHOICE, () => says), map: null }
    },
  }
}

/** In the order of the index, which is that of the messages' own files. */
function messageFiles(): readonly string[] {
  const index = readFileSync(`${MESSAGES}_index.js`, 'utf8')
  return [...index.matchAll(/^export \* from '\.\/(\w+\.js)'/gm)].map(([, file]) => file!)
}
