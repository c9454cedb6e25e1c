// Who may import whom (ARCHITECTURE.md, "Layout").

import { type Source } from './source.ts'

const PURE = '// Pure: no I/O, no clock, no randomness.'
const isPure = (source: Source): boolean => source.text.startsWith(PURE)

/** Files outside the folder must not import what the name says. */
const FENCED: readonly { packages: readonly string[]; inside: RegExp; outside: string }[] = [
  {
    packages: ['amqplib'],
    inside: /^(home\/src\/queue|edge\/src\/courier)\//,
    outside: 'only home/src/queue and edge/src/courier know RabbitMQ',
  },
  {
    packages: ['ioredis'],
    inside: /^home\/src\/bus\//,
    outside: 'only home/src/bus knows Redis',
  },
  {
    packages: ['drizzle-orm', 'postgres'],
    inside: /^home\/src\/(db\/|engine\/|api\/queries\/)/,
    outside: 'only home/src/db, the engine and api/queries speak SQL',
  },
]

/** Programs and tests put parts together: they may import whatever they run or test. */
const COMPOSES =
  /^(scripts|bench|faults|e2e)\/|\.test\.ts$|^(home\/test|edge\/test(-node)?)\/|^[^/]+$/
const ROLE_FOLDER =
  /^home\/src\/(actions|alerts|api|engine|feeder|notifier|reporter|bot|strategies|backtest|collector)\//
const zoneOf = (path: string): string => /^(shared|edge|home|web)\//.exec(path)?.[1] ?? ''
const isOurs = (target: string): boolean => /\.(ts|js|svelte)$/.test(target)

/** Complaints about one file's imports. `find` gives another file of ours, for its header. */
export function checkImports(source: Source, find: (path: string) => Source | undefined): string[] {
  if (COMPOSES.test(source.path)) return []
  return source.imports.flatMap(({ target, typesOnly }) => {
    const ours = isOurs(target)
    const complaint =
      (ours && checkZones(source.path, target)) ||
      (ours && checkRoles(source, target, find)) ||
      (isPure(source) && !typesOnly && checkPure(source, target, find)) ||
      (!typesOnly && checkFences(source.path, target))
    return complaint ? [`${source.path} imports ${target}: ${complaint}`] : []
  })
}

function checkZones(path: string, target: string): string | null {
  const from = zoneOf(path)
  const to = zoneOf(target)
  if (from === '' || to === '' || from === to || to === 'shared') return null
  return from === 'shared'
    ? 'shared imports nothing of ours'
    : `${from} and ${to} meet only in shared`
}

function checkRoles(
  source: Source,
  target: string,
  find: (path: string) => Source | undefined,
): string | null {
  const from = ROLE_FOLDER.exec(source.path)?.[1]
  const to = ROLE_FOLDER.exec(target)?.[1]
  if (from === undefined || to === undefined || from === to) return null
  const imported = find(target)
  const mayShare = from === 'backtest' && (to === 'engine' || to === 'strategies')
  if (mayShare && imported && isPure(imported)) return null
  return 'role folders do not import each other (backtest: pure parts of engine and strategies)'
}

/** Pure packages that shared itself is made of. */
const PURE_PACKAGES = new Set(['zod', '@hono/zod-openapi', 'dinero.js', 'uuid', '@noble/hashes'])

function checkPure(
  source: Source,
  target: string,
  find: (path: string) => Source | undefined,
): string | null {
  if (PURE_PACKAGES.has(target)) return null
  const imported = find(target)
  if (imported && isPure(imported)) return null
  if (target.startsWith('shared/src/') && !source.path.startsWith('shared/')) return null
  return 'a pure file imports only shared and other pure files'
}

function checkFences(path: string, target: string): string | null {
  const fence = FENCED.find(({ packages }) => packages.includes(target))
  return fence && !fence.inside.test(path) ? fence.outside : null
}

/** Every import cycle, each told once. Types are erased, so a cycle of types alone is none. */
export function findCycles(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const { target, typesOnly } of byPath.get(path)?.imports ?? []) {
      if (!typesOnly && byPath.has(target)) walk(target, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of sources) walk(path, [])
  return cycles
}
