// How large a file and a function may be. A long function of today may stay while it is listed in
// long-functions.json; the list may only shrink.

import ts from 'typescript'
import { countLines, lineOf, type Source, visit } from './source.ts'

const FILE_LINES_MAX = 300
const ROUTE_LINES_MAX = 200
const COMPONENT_LINES_MAX = 250
export const FUNCTION_LINES_MAX = 70

/** Tables grow by rows, and a row is not a thing to split off. */
const TABLES = [
  /^home\/src\/db\/schema\.ts$/,
  /^shared\/src\/venues\/.*calendar.*\.ts$/,
  /^home\/data\//,
]
/** A straight list of checks and writes, top to bottom: the one function that may be long. */
const STRAIGHT = new Set(['home/src/engine/settle.ts#settle'])
const IS_TEST = /\.test\.ts$/

/** The file's limit, and a complaint if it is over it. */
export function checkFileSize(source: Source): string[] {
  if (IS_TEST.test(source.path) || TABLES.some((table) => table.test(source.path))) return []
  const isRoute = /^(edge\/src|home\/src\/api)\/routes\//.test(source.path)
  const isComponent = source.path.endsWith('.svelte')
  const limit = isComponent ? COMPONENT_LINES_MAX : isRoute ? ROUTE_LINES_MAX : FILE_LINES_MAX
  const lines = countLines(source.text)
  return lines > limit ? [`${source.path} has ${lines} lines, ${limit} at the most`] : []
}

/** The functions over the limit, as `path#name` with their length. */
export function findLongFunctions(source: Source): Map<string, number> {
  const long = new Map<string, number>()
  if (IS_TEST.test(source.path)) return long
  visit(source.tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
    const end = source.tree.getLineAndCharacterOfPosition(node.end).line + 1
    const lines = end - lineOf(source, node) + 1
    const key = `${source.path}#${nameOf(node)}`
    if (lines > FUNCTION_LINES_MAX && !STRAIGHT.has(key)) long.set(key, lines)
  })
  return long
}

/** A function that is new on the list, or longer than it was, or listed without need. */
export function compareWithRatchet(
  found: ReadonlyMap<string, number>,
  allowed: Readonly<Record<string, number>>,
): string[] {
  const tooLong = [...found].flatMap(([key, lines]) =>
    lines > (allowed[key] ?? FUNCTION_LINES_MAX)
      ? [`${key} has ${lines} lines, ${allowed[key] ?? FUNCTION_LINES_MAX} at the most`]
      : [],
  )
  const needless = Object.entries(allowed).flatMap(([key, lines]) =>
    found.get(key) === lines
      ? []
      : [`${key} is listed with ${lines} lines and has ${found.get(key) ?? 'fewer than 71'}`],
  )
  return [...tooLong, ...needless]
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText()
  const { parent } = node
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : '(unnamed)'
}
