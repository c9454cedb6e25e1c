// Calls, words and names the house does without, each with what to write instead.

import { basename } from 'node:path'
import ts from 'typescript'
import { lineOf, type Source, visit } from './source.ts'

type Ban = {
  is: (node: ts.Node) => boolean
  instead: string
  /** Where the ban holds. */
  where: (path: string) => boolean
}

/** Programs and tests own a clock, and speak to a terminal. */
const IS_PROGRAM = /^(scripts|bench|faults|e2e)\/|(^|\/)(test|test-node)\/|\.test\.ts$|^[^/]+$/
/** What puts a process together gives its parts the clock and the dice. */
const COMPOSITION_ROOTS = new Set([
  'home/src/main.ts',
  'home/src/api/create-user.ts',
  'edge/src/index.ts',
  'edge/src/clock.ts',
  'edge/build.ts',
  'edge/serve.ts',
  'web/src/lib/app.svelte.ts',
])
/** A tool asks these files for a default export. */
const TOOL_FILES =
  /(^|\/)(vite|vitest|drizzle|eslint|svelte|paraglide)\.config\.(ts|js)$|^edge\/src\/index\.ts$|^ops\/workerd\/|\.d\.ts$/

const everywhere = (): boolean => true
const inProduct = (path: string): boolean =>
  !IS_PROGRAM.test(path) && !path.startsWith('web/dev-server/')
const belowRoots = (path: string): boolean => inProduct(path) && !COMPOSITION_ROOTS.has(path)
const nearMoney = (path: string): boolean =>
  inProduct(path) && /^(shared|home\/src\/engine)\//.test(path)
const onServers = (path: string): boolean =>
  belowRoots(path) && !path.startsWith('web/') && path !== 'edge/src/log.ts'

const isCallOf = (text: string) => (node: ts.Node) =>
  ts.isCallExpression(node) && node.expression.getText() === text

const BANS: readonly Ban[] = [
  { is: isCallOf('Date.now'), instead: 'take `now` as an argument', where: belowRoots },
  {
    is: (node) =>
      ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length,
    instead: 'take `now` as an argument',
    where: belowRoots,
  },
  { is: isCallOf('Math.random'), instead: 'take `random` as an argument', where: belowRoots },
  { is: isCallOf('Number'), instead: 'decimal.ts, or Number.parseInt', where: nearMoney },
  { is: isCallOf('parseFloat'), instead: 'decimal.ts', where: nearMoney },
  { is: isCallOf('Number.parseFloat'), instead: 'decimal.ts', where: nearMoney },
  {
    is: (node) => ts.isPropertyAccessExpression(node) && node.name.text === 'toFixed',
    instead: 'decimal.ts',
    where: nearMoney,
  },
  {
    is: (node) => ts.isPropertyAccessExpression(node) && node.expression.getText() === 'console',
    instead: 'the log',
    where: onServers,
  },
  { is: ts.isEnumDeclaration, instead: 'a union of literals', where: everywhere },
  { is: ts.isDecorator, instead: 'a plain function', where: everywhere },
  {
    is: (node) => node.kind === ts.SyntaxKind.AnyKeyword,
    instead: 'the type, or unknown',
    where: everywhere,
  },
  {
    is: (node) =>
      ts.isExportAssignment(node) ||
      (ts.canHaveModifiers(node) &&
        (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
    instead: 'a named export',
    where: (path) => !TOOL_FILES.test(path),
  },
]

/** Complaints about what a file says. */
export function checkWords(source: Source): string[] {
  const complaints: string[] = []
  const bans = BANS.filter(({ where }) => where(source.path))
  visit(source.tree, (node) => {
    for (const { is, instead } of bans) {
      if (!is(node)) continue
      const what = node.getText(source.tree).split('\n')[0]!.slice(0, 40)
      complaints.push(`${source.path}:${lineOf(source, node)} ${what}: use ${instead}`)
    }
  })
  return complaints
}

const NAMELESS = new Set(['utils', 'util', 'helpers', 'helper', 'lib', 'common', 'misc'])

/** A name that says nothing, and a file that only passes on what others export. */
export function checkFileKind(source: Source): string[] {
  const name = basename(source.path).split('.')[0]!
  const statements = source.tree.statements
  const passesOn = statements.length > 0 && statements.every(ts.isExportDeclaration)
  return [
    ...(NAMELESS.has(name) ? [`${source.path}: name it for the noun it holds`] : []),
    ...(passesOn ? [`${source.path} only passes exports on: import from the file itself`] : []),
  ]
}

/** Words split here so that this file does not find itself. */
const UNFINISHED = new RegExp(`\\b(?:${'FIX'}ME\\b|${'TO'}DO\\b(?!\\(#\\d+\\)))`)

/** Notes to oneself: one kind needs its issue, `(#12)`, the other is finished before it is merged. */
export function checkNotes(source: Source): string[] {
  return source.text
    .split('\n')
    .flatMap((line, index) =>
      UNFINISHED.test(line)
        ? [`${source.path}:${index + 1} ${line.trim()}: finish it, or name its issue`]
        : [],
    )
}
