// The house rules, as a test: who may import whom, how long things may be, what is not said here.
// Each rule is shown a sin first, so that a rule which finds nothing is known to look.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkImports, findCycles } from './scripts/tidy/import-rules.ts'
import { checkFileSize, compareWithRatchet, findLongFunctions } from './scripts/tidy/size-rules.ts'
import { countLines, readSource, type Source } from './scripts/tidy/source.ts'
import { checkFileKind, checkNotes, checkWords } from './scripts/tidy/word-rules.ts'

const ROOT = import.meta.dirname
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Every source git knows or would add. */
const sources: readonly Source[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.js', '*.svelte'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .trim()
  .split('\n')
  .filter((path) => existsSync(join(ROOT, path)))
  .map((path) => readSource(path, read(path)))

const byPath = new Map(sources.map((source) => [source.path, source]))
const find = (path: string): Source | undefined => byPath.get(path)
const importsOf = (source: Source): string[] => checkImports(source, find)

/** The six files in which an order can be followed, and the lines each may have. */
const ORDER_PATH: Readonly<Record<string, number>> = {
  'edge/src/routes/orders.ts': 200,
  'shared/src/order.ts': 200,
  'edge/src/mailbox.ts': 300,
  'home/src/engine/intake.ts': 300,
  'home/src/engine/settle.ts': 300,
  'home/src/engine/decide.ts': 300,
}

const PURE = '// Pure: no I/O, no clock, no randomness.\n'
const longBody = (lines: number): string => '\n'.repeat(lines)

type Rule = (source: Source) => string[]

/** rule · where · what somebody might write there · part of the complaint, or null: it is fine */
const SINS: readonly [name: string, Rule, path: string, text: string, complaint: string | null][] =
  [
    ['edge → home', importsOf, 'edge/src/a.ts', `import '../../home/src/log.ts'`, 'meet only in'],
    [
      'web → edge',
      importsOf,
      'web/src/lib/a.ts',
      `import '../../../edge/src/env.ts'`,
      'meet only in',
    ],
    [
      'shared → home',
      importsOf,
      'shared/src/a.ts',
      `import '../../home/src/log.ts'`,
      'nothing of ours',
    ],
    ['home → shared', importsOf, 'home/src/a.ts', `import '@motu/shared/order.ts'`, null],
    [
      'api → engine',
      importsOf,
      'home/src/api/a.ts',
      `import '../engine/settle.ts'`,
      'role folders',
    ],
    ['backtest → pure', importsOf, 'home/src/backtest/a.ts', `import '../engine/decide.ts'`, null],
    [
      'backtest → SQL',
      importsOf,
      'home/src/backtest/a.ts',
      `import '../engine/settle.ts'`,
      'role fold',
    ],
    ['AMQP elsewhere', importsOf, 'home/src/api/a.ts', `import a from 'amqplib'`, 'RabbitMQ'],
    ['Redis elsewhere', importsOf, 'home/src/api/a.ts', `import { Redis } from 'ioredis'`, 'Redis'],
    ['SQL elsewhere', importsOf, 'home/src/api/a.ts', `import a from 'postgres'`, 'SQL'],
    [
      'a type is no use',
      importsOf,
      'home/src/api/a.ts',
      `import type { Sql } from 'postgres'`,
      null,
    ],
    ['pure → I/O', importsOf, 'home/src/engine/a.ts', `${PURE}import 'node:fs'`, 'a pure file'],
    [
      'pure → shared',
      importsOf,
      'home/src/engine/a.ts',
      `${PURE}import '@motu/shared/money.ts'`,
      null,
    ],
    ['clock', checkWords, 'home/src/a.ts', 'const a = Date.now()', '`now`'],
    ['clock in main', checkWords, 'home/src/main.ts', 'const a = Date.now()', null],
    ['new Date()', checkWords, 'shared/src/a.ts', 'const a = new Date()', '`now`'],
    ['new Date(ms)', checkWords, 'shared/src/a.ts', 'const a = new Date(0)', null],
    ['dice', checkWords, 'edge/src/a.ts', 'Math.random()', '`random`'],
    ['Number()', checkWords, 'shared/src/a.ts', 'const a = Number(text)', 'decimal'],
    ['toFixed', checkWords, 'home/src/engine/a.ts', 'const a = b.toFixed(2)', 'decimal'],
    ['console', checkWords, 'home/src/a.ts', 'console.log(1)', 'the log'],
    ['enum', checkWords, 'home/src/a.ts', 'enum A { B }', 'union'],
    ['any', checkWords, 'home/src/a.ts', 'let a: any', 'unknown'],
    ['default', checkWords, 'home/src/a.ts', 'export default 1', 'named export'],
    ['in a comment', checkWords, 'home/src/a.ts', '// Date.now() is any enum', null],
    [
      'in a component',
      checkWords,
      'web/src/A.svelte',
      '<script>\nlet a: any\n</script>',
      'A.svelte:2',
    ],
    ['utils', checkFileKind, 'home/src/utils.ts', 'export const a = 1', 'noun'],
    ['barrel', checkFileKind, 'home/src/index.ts', `export * from './a.ts'`, 'passes exports on'],
    ['long file', checkFileSize, 'home/src/a.ts', longBody(301) + 'a', 'at the most'],
    ['long route', checkFileSize, 'edge/src/routes/a.ts', longBody(201) + 'a', '200 at the most'],
    ['long component', checkFileSize, 'web/src/A.svelte', longBody(251) + 'a', '250 at the most'],
    ['note', checkNotes, 'home/src/a.ts', `// ${'TO'}DO: later`, 'name its issue'],
    ['note with issue', checkNotes, 'home/src/a.ts', `// ${'TO'}DO(#12): later`, null],
    ['unfinished', checkNotes, 'home/src/a.ts', `// ${'FIX'}ME`, 'finish it'],
  ]

describe('a rule', () => {
  it.each(SINS)('knows the case "%s"', (_, rule, path, text, complaint) => {
    const complaints = rule(readSource(path, text))
    if (complaint === null) expect(complaints).toEqual([])
    else expect(complaints.join('\n')).toContain(complaint)
  })

  it('finds a cycle, but not one of types', () => {
    const cycle = (link: string): readonly Source[] => [
      readSource('home/src/a.ts', `import './b.ts'`),
      readSource('home/src/b.ts', link),
    ]
    expect(findCycles(cycle(`import './a.ts'`))).toEqual([
      'home/src/a.ts → home/src/b.ts → home/src/a.ts',
    ])
    expect(findCycles(cycle(`import type { A } from './a.ts'`))).toEqual([])
  })

  it('holds a long function to its listed length, and asks for the list to shrink', () => {
    const found = findLongFunctions(readSource('home/src/a.ts', `function f() {${longBody(80)}}`))
    expect(found).toEqual(new Map([['home/src/a.ts#f', 81]]))
    expect(compareWithRatchet(found, {})).toHaveLength(1)
    expect(compareWithRatchet(found, { 'home/src/a.ts#f': 81 })).toEqual([])
    expect(compareWithRatchet(found, { 'home/src/a.ts#f': 90 })).toHaveLength(1)
    expect(compareWithRatchet(new Map(), { 'home/src/a.ts#f': 81 })).toHaveLength(1)
  })
})

describe('the house', () => {
  it.each([
    ['imports only what it may', importsOf],
    ['says what it means', checkWords],
    ['names files for what they hold', checkFileKind],
    ['keeps files short', checkFileSize],
    ['leaves nothing half done', checkNotes],
  ] as const)('%s', (_, rule) => {
    expect(sources.flatMap(rule)).toEqual([])
  })

  it('has no import cycles', () => {
    expect(findCycles(sources)).toEqual([])
  })

  it('keeps functions short', () => {
    const found = new Map(sources.flatMap((source) => [...findLongFunctions(source)]))
    const allowed = JSON.parse(read('scripts/tidy/long-functions.json')) as Record<string, number>
    expect(compareWithRatchet(found, allowed)).toEqual([])
  })

  it.each(Object.entries(ORDER_PATH))('follows an order through %s', (path, linesMax) => {
    expect(countLines(read(path))).toBeLessThanOrEqual(linesMax)
    expect(read('ARCHITECTURE.md')).toContain(path)
  })

  it('has a README that is read to its end', () => {
    expect(countLines(read('README.md'))).toBeLessThanOrEqual(120)
  })
})
