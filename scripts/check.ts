// `npm run check`: types, lint, format. Runs every check, whatever the others found.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './launch/places.ts'

type Check = { name: string; command: readonly [string, ...string[]]; dir?: string }

const CHECKS: readonly Check[] = [
  { name: 'types: shared', command: ['tsc', '-p', 'shared'] },
  { name: 'types: home', command: ['tsc', '-p', 'home'] },
  { name: 'types: edge', command: ['tsc', '-p', 'edge'] },
  { name: 'types: edge on Node', command: ['tsc', '-p', 'edge/tsconfig.node.json'] },
  { name: 'types: bench and faults', command: ['tsc', '-p', 'bench'] },
  { name: 'types: scripts and e2e', command: ['tsc', '-p', '.'] },
  { name: 'messages: web (generated)', command: ['node', 'compile-messages.ts'], dir: 'web' },
  { name: 'types: web (generated)', command: ['svelte-kit', 'sync'], dir: 'web' },
  {
    name: 'types: web',
    command: ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
    dir: 'web',
  },
  {
    name: 'types: service worker',
    command: ['tsc', '-p', 'src/service-worker'],
    dir: 'web',
  },
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
]

const results = CHECKS.map(runCheck)
console.log()
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`)
}
process.exit(results.every(({ passed }) => passed) ? 0 : 1)

function runCheck({ name, command, dir }: Check): {
  name: string
  passed: boolean
  seconds: string
} {
  console.log(`\n${name}`)
  const since = Date.now()
  const [program, ...args] = command
  // scripts/run.js has put node_modules/.bin first in PATH.
  const { status, error } = spawnSync(program, args, {
    cwd: join(ROOT, dir ?? '.'),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) console.error(error.message)
  return { name, passed: status === 0, seconds: ((Date.now() - since) / 1000).toFixed(1) }
}
